//! Measures how many durable inquiries a second a running desk takes by HTTP.
//!
//! `cargo run --release -p lotse --example load -- 127.0.0.1:8080 20000 64` sends 20,000 inquiries over 64
//! connections that stay open, waits for each answer before the next request on the same connection, and
//! prints the rate and how long answers took. Every answer must be `202`: the inquiry is on disk.

use std::{
    io::{self, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{self, ExitCode},
    thread,
    time::{Duration, Instant},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [desk, inquiries, connections] = arguments.as_slice() else { return explain() };
    let (Ok(inquiries), Ok(connections)) = (inquiries.parse::<usize>(), connections.parse::<usize>()) else {
        return explain();
    };
    match measure(desk, inquiries, connections.max(1)) {
        Ok(report) => {
            let _ = writeln!(io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn explain() -> ExitCode {
    let _ = writeln!(io::stderr(), "usage: load HOST:PORT INQUIRIES CONNECTIONS");
    ExitCode::from(2)
}

fn measure(desk: &str, inquiries: usize, connections: usize) -> io::Result<String> {
    let begun = Instant::now();
    let each = inquiries.div_ceil(connections);
    let mut times = Vec::with_capacity(each * connections);
    thread::scope(|scope| {
        let clients: Vec<_> =
            (0..connections).map(|number| scope.spawn(move || send(desk, number, each))).collect();
        for client in clients {
            times.extend(client.join().map_err(|_| io::Error::other("a client panicked"))??);
        }
        Ok::<_, io::Error>(())
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
    Ok(format!(
        "{count} inquiries in {seconds:.2} s over {connections} connections: {:.0} a second; \
         median {:.1} ms, 99 % within {:.1} ms",
        f64::from(count) / seconds,
        at(50).as_secs_f64() * 1000.0,
        at(99).as_secs_f64() * 1000.0
    ))
}

/// Sends one inquiry after the other over one connection; how long each took.
fn send(desk: &str, connection: usize, count: usize) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(desk)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let begun = Instant::now();
        stream.write_all(&request(desk, connection, number))?;
        read_answer(&mut answers)?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// An inquiry of about one kilobyte, as people write them.
fn request(desk: &str, connection: usize, number: usize) -> Vec<u8> {
    let key = format!("load-{}-{connection}-{number}", process::id());
    let filler = "Die Patientin nimmt daneben Ramipril und Torasemid ein, die Werte sind stabil. ".repeat(10);
    let body = format!(
        "{{\"channel\":\"web\",\"body\":\"Welche Höchstdosis Neurexal gilt bei einer eGFR von 28 ml/min? \
         {filler}\",\"contact\":{{\"email\":\"{key}@praxis.example\",\"name\":\"Dr. Last\",\
         \"profession\":\"Ärztin\",\"country\":\"DE\"}}}}"
    );
    let head = format!(
        "POST /api/inquiries HTTP/1.1\r\nHost: {desk}\r\nContent-Type: application/json\r\n\
         Idempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

fn read_answer(answers: &mut impl io::BufRead) -> io::Result<()> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let accepted = line.starts_with("HTTP/1.1 202");
    let status = line.clone();
    let mut length = 0;
    while line != "\r\n" {
        line.clear();
        if answers.read_line(&mut line)? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the desk closed the connection"));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    io::copy(&mut answers.take(length), &mut io::sink())?;
    if accepted { Ok(()) } else { Err(io::Error::other(format!("the desk answers {status}"))) }
}
