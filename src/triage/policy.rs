//! The settings that `decide` obeys. It reads no file; the service builds it from the configuration.

use crate::mail::Millis;

/// When an automatic answer may be sent (`SAFETY` sections 1 and 2).
#[derive(Clone, Debug)]
pub struct Policy {
    /// The support address and its aliases, lower case.
    pub own_addresses: Vec<String>,
    pub max_age: Millis,
    pub max_hops: usize,
    /// Our own server's `authserv-id` (RFC 8601 section 2.5); other servers' results are not believed.
    pub authserv_id: Option<String>,
    /// True: a sender who is not authenticated may be answered.
    pub answer_unauthenticated: bool,
    /// Languages that are answered, as templates are named; empty: all.
    pub languages: Vec<String>,
    pub caps: Caps,
}

/// Most automatic answers, in sliding windows: 24 h for a sender, one hour for the rest.
#[derive(Clone, Debug)]
pub struct Caps {
    pub sender_per_cause: u32,
    pub sender: u32,
    pub domain: u32,
    pub text: u32,
    pub total: u32,
    /// Domains of many unrelated people, which the domain cap leaves out.
    pub free_providers: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            own_addresses: vec!["piccopilot@aliexpress.com".into()],
            max_age: 72 * 3_600_000,
            max_hops: 50,
            authserv_id: None,
            answer_unauthenticated: false,
            languages: Vec::new(),
            caps: Caps::default(),
        }
    }
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            sender_per_cause: 1,
            sender: 2,
            domain: 20,
            text: 3,
            total: 200,
            free_providers: FREE_PROVIDERS.iter().map(|domain| (*domain).to_owned()).collect(),
        }
    }
}

impl Policy {
    /// May a mail in this language be answered? `zh` stands for both of its scripts.
    pub fn answers(&self, language: &str) -> bool {
        let base = |code: &str| code.split('-').next().unwrap_or(code).to_owned();
        self.languages.is_empty() || self.languages.iter().any(|own| own == language || *own == base(language))
    }

    pub fn is_own(&self, email: &str) -> bool {
        self.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(email))
    }

    /// Does this Message-ID come from the domain of one of our addresses, or from below it?
    pub fn is_own_message_id(&self, id: &str) -> bool {
        let domain = id.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
        self.own_addresses.iter().filter_map(|own| own.rsplit_once('@')).any(|(_, own)| within(&domain, own))
    }
}

/// Is `domain` the same as `parent` or below it?
pub fn within(domain: &str, parent: &str) -> bool {
    !parent.is_empty()
        && (domain.eq_ignore_ascii_case(parent)
            || domain
                .len()
                .checked_sub(parent.len() + 1)
                .and_then(|at| domain.get(at..))
                .and_then(|tail| tail.strip_prefix('.'))
                .is_some_and(|tail| tail.eq_ignore_ascii_case(parent)))
}

const FREE_PROVIDERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.com.br",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "qq.com",
    "foxmail.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sohu.com",
    "139.com",
    "aliyun.com",
    "naver.com",
    "daum.net",
    "hanmail.net",
    "kakao.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "wanadoo.fr",
    "libero.it",
    "mail.ru",
    "bk.ru",
    "inbox.ru",
    "list.ru",
    "yandex.ru",
    "yandex.com",
    "rambler.ru",
    "uol.com.br",
    "bol.com.br",
    "terra.com.br",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.co.uk",
    "proton.me",
    "protonmail.com",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "softbank.ne.jp",
    "rediffmail.com",
    "zoho.com",
];
