//! Plain text as the simplest HTML that a mail program shows well.

/// A whole document: paragraphs at blank lines, links where the text has web addresses, everything else
/// escaped. `language` is the text's BCP 47 tag, for screen readers.
pub fn text_to_html(text: &str, language: &str) -> String {
    let mut html = String::with_capacity(text.len() * 5 / 4 + 200);
    html.push_str("<!DOCTYPE html>\n<html lang=\"");
    push_escaped(&mut html, language);
    html.push_str("\"><head><meta charset=\"utf-8\"></head>\n<body>\n");
    let text = text.replace("\r\n", "\n");
    for paragraph in text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n')) {
        if paragraph.trim().is_empty() {
            continue;
        }
        html.push_str("<p>");
        for (number, line) in paragraph.split('\n').enumerate() {
            if number > 0 {
                html.push_str("<br>\n");
            }
            push_line(&mut html, line);
        }
        html.push_str("</p>\n");
    }
    html.push_str("</body></html>\n");
    html
}

fn push_line(html: &mut String, line: &str) {
    for (number, word) in line.split(' ').enumerate() {
        if number > 0 {
            html.push(' ');
        }
        push_word(html, word);
    }
}

fn push_word(html: &mut String, word: &str) {
    let start = ["https://", "http://"].iter().find_map(|scheme| word.find(scheme));
    let Some(start) = start else { return push_escaped(html, word) };
    let (before, rest) = word.split_at(start);
    // A full stop or a bracket behind an address belongs to the sentence.
    let address = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '>', '"', '“', '”']);
    push_escaped(html, before);
    html.push_str("<a href=\"");
    push_escaped(html, address);
    html.push_str("\">");
    push_escaped(html, address);
    html.push_str("</a>");
    push_escaped(html, rest.get(address.len()..).unwrap_or_default());
}

fn push_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(letter),
        }
    }
}
