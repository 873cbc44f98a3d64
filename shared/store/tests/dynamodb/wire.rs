//! Stands between the store and DynamoDB: watches what is asked, and plays the faults that networks and busy
//! tables have.

use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// One call as it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `PutItem`, `TransactWriteItems`, …
    pub(crate) action: String,
    /// The request's JSON.
    pub(crate) asked: Value,
}

/// What becomes of a call.
pub(crate) enum Fate {
    /// DynamoDB gets it, and its answer comes back.
    PassOn,
    /// DynamoDB gets it and does it, and the connection breaks before the answer comes.
    LoseAnswer,
    /// DynamoDB does not get it; this comes back.
    Answer(u16, Value),
}

impl Fate {
    /// DynamoDB's refusal of that name.
    pub(crate) fn refusal(code: &str) -> Self {
        let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
        Self::Answer(400, serde_json::json!({ "__type": kind, "message": "made up by a test" }))
    }

    /// A transaction that was cancelled for these reasons.
    pub(crate) fn cancelled(codes: &[&str]) -> Self {
        let reasons: Vec<_> = codes.iter().map(|code| serde_json::json!({ "Code": code })).collect();
        let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
        Self::Answer(
            400,
            serde_json::json!({
                "__type": kind, "Message": "Transaction cancelled", "CancellationReasons": reasons,
            }),
        )
    }
}

/// A wire to a DynamoDB.
pub(crate) struct Wire {
    pub(crate) endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
    listening: JoinHandle<()>,
}

impl Wire {
    /// A wire to `target`. `decide` is asked about each call, in their order.
    pub(crate) async fn to(target: &str, decide: impl FnMut(&Call) -> Fate + Send + 'static) -> Self {
        let target =
            target.strip_prefix("http://").expect("an http endpoint").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        let decide = Arc::new(Mutex::new(decide));
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (target, seen, decide) = (target.clone(), Arc::clone(&seen), Arc::clone(&decide));
                tokio::spawn(async move {
                    // A connection that breaks is one of the faults.
                    let _ = serve(client, &target, &seen, |call| {
                        decide.lock().unwrap_or_else(PoisonError::into_inner)(call)
                    })
                    .await;
                });
            }
        });
        Self { endpoint, calls, listening }
    }

    /// The calls so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many calls of that action there were.
    pub(crate) fn count(&self, action: &str) -> usize {
        self.calls().iter().filter(|call| call.action == action).count()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Serves one call; the connection then ends.
async fn serve(
    mut client: TcpStream,
    target: &str,
    seen: &Mutex<Vec<Call>>,
    decide: impl Fn(&Call) -> Fate,
) -> std::io::Result<()> {
    let Some((head, body)) = read_request(&mut client).await? else { return Ok(()) };
    let action = header(&head, "x-amz-target").and_then(|target| target.rsplit('.').next()).unwrap_or("?");
    let call = Call { action: action.to_owned(), asked: serde_json::from_slice(&body).unwrap_or_default() };
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
    match decide(&call) {
        Fate::Answer(status, json) => {
            let json = json.to_string();
            let answer = format!(
                "HTTP/1.1 {status} Played\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n{json}",
                json.len()
            );
            client.write_all(answer.as_bytes()).await
        }
        fate => {
            let answer = ask(target, &head, &body).await?;
            if !matches!(fate, Fate::LoseAnswer) {
                client.write_all(&answer).await?;
            }
            Ok(())
        }
    }
}

/// Head and body of a request; `None` where the client hung up.
async fn read_request(client: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    loop {
        if client.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut body = bytes.split_off(end + 4);
        let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while body.len() < length {
            if client.read_buf(&mut body).await? == 0 {
                return Ok(None);
            }
        }
        return Ok(Some((head, body)));
    }
}

/// DynamoDB's answer, as it stands on the wire.
async fn ask(target: &str, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(target).await?;
    let kept = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head: Vec<_> = kept.chain(["connection: close", "", ""]).collect();
    server.write_all(head.join("\r\n").as_bytes()).await?;
    server.write_all(body).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
