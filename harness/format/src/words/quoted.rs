//! Where `budgets.toml` and a document do not agree.

use super::{Words, listed, nearest, words};
use crate::{Place, Written, figure::figures};

pub(crate) fn no_anchor(document: &str, id: &str, known: &[&str]) -> Words {
    let near = nearest(id, known.iter().copied());
    words(format!("{document} has no anchor `{id}`{near}"))
        .allowed(listed(known.iter().copied()))
        .remedy(format!("write <a id=\"{id}\"></a> into the paragraph or row that promises it"))
}

pub(crate) fn not_in_document(document: &str, quote: &str, near: Option<(&Place, &str)>) -> Words {
    let words = words(format!("{document} does not contain \"{quote}\""));
    let words = match near {
        Some((place, text)) => words.hint("nearest", format!("{place}: \"{}\"", cut(text))),
        None => words,
    };
    words.remedy("copy the sentence from the document, or write the promise into it")
}

pub(crate) fn not_at_anchor(id: &str, quote: &str, anchored: &[(Place, &str)]) -> Words {
    let mut words = words(format!("the text at the anchor `{id}` does not contain \"{quote}\""));
    for (place, text) in anchored {
        words = words.hint("the text", format!("{place}: \"{}\"", cut(text)));
    }
    words.remedy("move the anchor into the paragraph that promises it, or cite the text there")
}

pub(crate) fn only_in_findings(quote: &str, place: &Place) -> Words {
    words(format!("\"{quote}\" stands only under `Findings` ({place}), which promises nothing"))
        .remedy("write the promise outside of the findings, or remove the budget")
}

pub(crate) fn found_often(quote: &str, places: &[Place]) -> Words {
    words(format!("the document contains \"{quote}\" {} times", places.len()))
        .hint("places", places.iter().map(Place::precise).collect::<Vec<_>>().join(", "))
        .remedy("cite more words, or mark the place: `id = \"K1\"` here, <a id=\"K1\"></a> there")
}

pub(crate) fn anchor_twice(id: &str, first: &Place, free: &str) -> Words {
    words(format!("the anchor `{id}` stands in this document already"))
        .hint("first", first.precise())
        .remedy(format!(
            "write <a id=\"{free}\"></a> here, and `id = \"{free}\"` where it is cited"
        ))
}

pub(crate) fn negated(quote: &str, negation: &str, longer: &str, place: &Place) -> Words {
    words(format!("\"{quote}\" stands right behind \"{negation}\", so it says the opposite"))
        .hint("the text", format!("{place}: \"{longer}\""))
        .hint("cite it all", format!("quote = {}", toml_text(longer)))
}

pub(crate) fn no_figure(quote: &str, written: &Written, found: &[&str]) -> Words {
    let exact = written.quantity.exact();
    let figure = match &written.text {
        text if *text == exact => format!("`{text}`"),
        text => format!("`{text}` ({exact})"),
    };
    words(format!("\"{quote}\" does not contain the limit's figure {figure} in digits"))
        .hint("figures", listed(found.iter().copied()))
        .remedy("cite the words with the figure, or make the limit and the document agree")
}

pub(crate) fn uncited(figure: &str, sentence: &str, document: &str) -> Words {
    let sentence = toml_text(sentence);
    let limit = figures(figure).pop().map_or(figure, |last| &figure[last.range]);
    let limit = limit.replace("KB", "kB");
    words(format!("no budget cites `{figure}` and no waiver excuses it"))
        .hint("cite it", format!("peak_heap = {{ max = \"{limit}\", quote = {sentence} }}"))
        .hint(
            "or excuse it",
            format!("[[waiver]]\ndocument = \"{document}\"\nquote = {sentence}\nwhy = \"…\""),
        )
}

/// A text in quotes as `budgets.toml` would write it.
fn toml_text(text: &str) -> String {
    match text.contains(['"', '\\']) {
        true if !text.contains('\'') => format!("'{text}'"),
        _ => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The first words of a long paragraph.
fn cut(text: &str) -> String {
    const LENGTH: usize = 160;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
