//! Both ends of SMTP, as small as tests need them.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Says a mail to a server, one command after the other; the last line of each answer.
pub(crate) fn send(server: &str, from: &str, to: &[&str], message: &[u8]) -> Vec<String> {
    let mut commands = vec!["EHLO test.example".to_owned(), format!("MAIL FROM:<{from}>")];
    commands.extend(to.iter().map(|to| format!("RCPT TO:<{to}>")));
    commands.push("DATA".to_owned());
    let mut client = Client::connect(server);
    let mut replies = vec![client.reply()];
    for command in commands {
        replies.push(client.say(command.as_bytes()));
    }
    if replies.last().unwrap().starts_with("354") {
        let mut data = message.to_vec();
        data.extend(b"\r\n.");
        replies.push(client.say(&data));
    }
    replies
}

/// A client that says what a test wants said.
pub(crate) struct Client {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn connect(server: &str) -> Self {
        let stream = TcpStream::connect(server).unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap());
        Self { stream, lines }
    }

    pub(crate) fn say(&mut self, line: &[u8]) -> String {
        // The server may have closed already; then its last words tell.
        let _ = self.stream.write_all(&[line, b"\r\n"].concat());
        self.reply()
    }

    /// The last line of the next answer; empty where the server closed.
    pub(crate) fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap_or_default() == 0 {
                return String::new();
            }
            if line.get(3..4) != Some("-") {
                return line.trim_end().to_owned();
            }
        }
    }
}

/// A mail relay that keeps what it gets, and refuses addresses that begin with `unknown`.
pub(crate) struct Sink {
    pub(crate) url: String,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    mails: Mutex<Vec<String>>,
    refusals: AtomicUsize,
}

impl Sink {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let sink = Self { url, kept: Arc::default() };
        let kept = Arc::clone(&sink.kept);
        // Ends with the process of the tests.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || talk(stream.unwrap(), &kept));
            }
        });
        sink
    }

    /// The mails so far.
    pub(crate) fn mails(&self) -> Vec<String> {
        self.kept.mails.lock().unwrap().clone()
    }

    /// How many addresses were refused so far.
    pub(crate) fn refusals(&self) -> usize {
        self.kept.refusals.load(Ordering::SeqCst)
    }
}

fn talk(mut stream: TcpStream, kept: &Kept) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut answer = |text: &str| {
        let _ = stream.write_all(format!("{text}\r\n").as_bytes());
    };
    answer("220 sink");
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap_or_default() > 0 {
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => answer("250-sink\r\n250 8BITMIME"),
            "RCPT" if line.contains("<unknown") => {
                kept.refusals.fetch_add(1, Ordering::SeqCst);
                answer("550 5.1.1 no such user");
            }
            "DATA" => {
                answer("354 go on");
                let mut message = String::new();
                while !message.ends_with("\r\n.\r\n") && lines.read_line(&mut message).unwrap_or_default() > 0
                {
                }
                kept.mails.lock().unwrap().push(message);
                answer("250 kept");
            }
            "QUIT" => {
                answer("221 bye");
                return;
            }
            _ => answer("250 ok"),
        }
        line.clear();
    }
}
