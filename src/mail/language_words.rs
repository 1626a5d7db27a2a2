//! The commonest words of the languages we answer and of their neighbours, folded; and telling Chinese characters.
//! Only data: how it is weighed stands in `language`.

/// Language, words. A `-` before the language: known only so as not to be taken for another.
/// Words that two languages share (`de`, `la`, `me`) are in neither list, or in both.
pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the and is was my i you your to it that this of for have has had not with but what when why how can cant cannot \
         dont doesnt didnt wont ive im its be been are were do does did will would please help payment pay paid card failed \
         if from they we our just still got get on at or there then again now hi hello thanks money account after",
    ),
    (
        "es",
        "el los las y que no es mi mis una con pero por para me se lo esta este esto ya hay tengo puedo pago pagar tarjeta \
         hola gracias como porque cuando he ha del al su sin muy saldo dinero cuenta sale deja pude quiero dice error ustedes",
    ),
    (
        "pt",
        "o os as e que nao n eh meu minha um uma com mas por para se ja tem tenho posso pagamento pagar cartao ola oi obrigado \
         obrigada como porque quando do da dos das no na ao voces vcs pq foi esta isso nem saldo dinheiro conta bom boa fala \
         aparece consigo pra to ta mim",
    ),
    (
        "fr",
        "le les et est je j mon ma mes une un avec mais pour pas ne n que qui ce cette c ca des du au aux vous votre nous \
         paiement payer carte bonjour bonsoir merci comment quand sur ai suis j slt jai svp sa compte argent il elle dans \
         cest lors mais l d",
    ),
    (
        "de",
        "der die das und ist ich mein meine nicht kein keine ein eine mit aber fur auf zu wie was wann warum kann habe hat \
         bei von den dem es sie wir ihr zahlung bezahlen karte hallo danke bitte geht konto geld noch schon wird werden wurde \
         bin sind nach dann moin mal im",
    ),
    (
        "id",
        "yang dan di saya tidak ini itu dengan tapi untuk dari ke sudah belum bisa ada pembayaran bayar kartu gagal terus \
         mohon tolong terima kasih halo min kak mau gak nggak ga apa kenapa bagaimana gimana saldo uang akun lagi kok juga \
         karena atau saat pas udah dgn sy yg aja selamat",
    ),
    (
        "vi",
        "toi khong duoc va la cua cho nay voi nhung thanh toan the bi loi minh em anh chi oi xin chao cam sao vay lai roi \
         da dang mot tien tai khoan ngan hang trang giao dich that ko dc nhe giup chua khi",
    ),
    (
        "tr",
        "bir ve bu icin ile ama cok odeme kart kartim para hesap hata merhaba selam lutfen tesekkurler nasil neden niye degil \
         yok var mi mu ne zaman gibi daha sonra yapamiyorum olmadi oldu diyor hala ben benim sizin bana bankam yeterli basarisiz \
         yardim sayfa kadar once ki ya da geldi",
    ),
    (
        "-nl",
        "het een van ik mijn niet maar voor met op wat wanneer waarom hoe kan heb heeft zijn betaling betalen kaart hallo \
         bedankt graag dat dit naar te er moet wordt geld bij ook nog abonnement doen",
    ),
    (
        "-it",
        "il gli di e che non mio mia un una con ma per si lo sono ho ha pagamento pagare carta ciao grazie come perche quando \
         del della nel questo questa conto soldi cosa devo anche",
    ),
    (
        "-pl",
        "nie sie jest moja moj na do to z ze co jak dlaczego kiedy platnosc karta dziekuje prosze czy mam moge i w",
    ),
    (
        "-sv",
        "det att och jag min inte men for med pa vad nar varfor hur kan har betalning kort hej tack en ett ar som ikke jeg \
         ikke til av og kortet mitt er den",
    ),
    ("-ms", "awak kad bayaran berjaya boleh tak nak wang ialah adakah kenapakah"),
];

/// Common characters that were simplified, and the forms they had: one of them tells the script.
pub(super) const SIMPLIFIED: &str = "们这个说时为会来对开关过还进没见钱败页网络请问题账户银号显订单实现发让应该动种样经电话错误连线试谢帮买费两刚后长边东车书从当点无给汇额转业务员门间断闭认证图质态级终总红结头几写读变传听视频复杂软华处备丢签约录归条极产严丰临举义乐乱争亏亚亲仅仓价众优伙伤体余";
pub(super) const TRADITIONAL: &str = "們這個說時為會來對開關過還進沒見錢敗頁網絡請問題賬帳戶銀號顯訂單實現發讓應該動種樣經電話錯誤連線試謝幫買費兩剛後長邊東車書從當點無給匯額轉業務員門間斷閉認證圖質態級終總紅結頭幾寫讀變傳聽視頻複雜軟華處備丟簽約錄歸條極產嚴豐臨舉義樂亂爭虧亞親僅倉價眾優夥傷體餘螢訊";
