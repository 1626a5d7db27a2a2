//! Asks a relay for TLS before lettre gets the connection (RFC 3207). It sends no mail and no password.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::net::{ConnectError, Stream, Trust};

/// Greeting, EHLO, STARTTLS and the handshake. The caller bounds it in time.
pub async fn upgrade(
    mut stream: Stream,
    hello: &str,
    host: &str,
    trust: &Trust,
    limit: std::time::Duration,
) -> Result<Stream, String> {
    expect(&mut stream, "220").await?;
    say(&mut stream, &format!("EHLO {hello}\r\n")).await?;
    let features = expect(&mut stream, "250").await?;
    let is_offered =
        features.lines().any(|line| line.get(4..).is_some_and(|word| word.eq_ignore_ascii_case("STARTTLS")));
    if !is_offered {
        return Err("the relay does not offer STARTTLS".into());
    }
    say(&mut stream, "STARTTLS\r\n").await?;
    expect(&mut stream, "220").await?;
    stream.starttls(host, trust, limit).await.map_err(|error: ConnectError| error.to_string())
}

async fn say(stream: &mut Stream, line: &str) -> Result<(), String> {
    stream.write_all(line.as_bytes()).await.map_err(|error| error.to_string())?;
    stream.flush().await.map_err(|error| error.to_string())
}

/// Reads one answer byte by byte: nothing that was said in the clear may be left over for the safe line.
async fn expect(stream: &mut Stream, code: &str) -> Result<String, String> {
    let mut answer = Vec::new();
    let mut line = Vec::new();
    while answer.len() < 16_384 {
        let byte = stream.read_u8().await.map_err(|error| error.to_string())?;
        line.push(byte);
        answer.push(byte);
        if byte != b'\n' {
            continue;
        }
        let is_last = line.get(3) != Some(&b'-');
        line.clear();
        if is_last {
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let last = answer.lines().last().unwrap_or("").to_owned();
            return if last.starts_with(code) { Ok(answer) } else { Err(last) };
        }
    }
    Err("the relay's answer is too long".into())
}
