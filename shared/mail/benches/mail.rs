//! How fast mail is read and separated: a reply of 1 KB, as most are, and a large plain text.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lotse_mail::{read, separate};
use std::hint::black_box;

/// An answer with text, closing, signature and the quoted question: 1 KB.
fn reply() -> String {
    let head = "From: Hanna Petersen <petersen@praxis.example>\r\nTo: Service <service@nordhafen-pharma.example>\r\n\
        Subject: AW: Ihre Anfrage\r\nDate: Thu, 12 Nov 2026 10:02:11 +0100\r\nMessage-ID: <1@praxis.example>\r\n\
        In-Reply-To: <2@nordhafen-pharma.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    let text = "Guten Tag,\r\n\r\nes geht um die Bestellung vom 5. November, zehn Packungen für die Station 4.\r\n\
        Die Kühlbox war beim Öffnen noch kalt, der Logger zeigte 6 Grad.\r\n\r\nMit freundlichen Grüßen\r\nDr. Hanna Petersen\r\n\
        Praxis am Hafen\r\nTel. 0431 555 0123\r\n\r\nAm 12.11.2026 um 09:14 schrieb Nordhafen Service:\r\n";
    let quote = "> wir haben Ihre Anfrage erhalten und brauchen noch eine Angabe dazu.\r\n";
    let mut mail = format!("{head}{text}");
    while mail.len() < 1024 {
        mail.push_str(quote);
    }
    mail
}

/// A plain text of 4 MB in paragraphs.
fn large() -> String {
    let head = "From: Hanna Petersen <petersen@praxis.example>\r\nSubject: Bericht\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    let paragraph = "Im dritten Quartal wurden auf den Stationen vier und sieben insgesamt achtundzwanzig\r\n\
        Umstellungen vorgenommen. Die Werte lagen danach im Mittel um ein Zehntel niedriger, und\r\n\
        die Pflege berichtet von weniger Aufwand beim Richten der Medikamente am Morgen.\r\n\r\n";
    format!("{head}{}", paragraph.repeat(4 * 1024 * 1024 / paragraph.len()))
}

fn mail(criterion: &mut Criterion) {
    for (name, mail) in [("reply of 1 KB", reply()), ("plain text of 4 MB", large())] {
        let text = mail.split_once("\r\n\r\n").map(|(_, text)| text.to_owned()).unwrap_or_default();
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(mail.len() as u64));
        group.bench_function("separate", |bencher| bencher.iter(|| separate(black_box(&text))));
        group.bench_function("read, which separates", |bencher| {
            bencher.iter(|| read(black_box(mail.as_bytes())));
        });
        group.finish();
    }
}

criterion_group!(benches, mail);
criterion_main!(benches);
