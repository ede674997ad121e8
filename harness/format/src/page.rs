//! A Markdown page as the blocks that can make promises.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{Source, block::Block};

/// The blocks of a document in their order; code blocks are left out.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) source: &'a Source,
    pub(crate) blocks: Vec<Block>,
}

impl<'a> Page<'a> {
    /// Reads a page; any text is one.
    pub(crate) fn read(source: &'a Source) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut reader = Reader::new(source);
        for (event, range) in Parser::new_ext(&source.text, options).into_offset_iter() {
            reader.event(event, range);
        }
        reader.end_block();
        Page { source, blocks: reader.blocks }
    }
}

struct Reader<'a> {
    source: &'a Source,
    blocks: Vec<Block>,
    block: Block,
    /// Inside a code block or metadata, which promise nothing.
    skipping: bool,
    /// The level of the heading `Findings` under which the page is.
    findings: Option<HeadingLevel>,
    cells: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source) -> Self {
        let (blocks, block) = (Vec::new(), Block::default());
        Reader { source, blocks, block, skipping: false, findings: None, cells: 0 }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            _ if self.skipping => {}
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::InlineHtml(html) | Event::Html(html) => self.html(&html, range.start),
            Event::SoftBreak | Event::HardBreak => self.block.push_for(" ", range.start),
            Event::Rule => self.end_block(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.end_block();
                self.skipping = true;
            }
            Tag::Heading { level, .. } => {
                self.end_block();
                if self.findings.is_some_and(|findings| *level <= findings) {
                    self.findings = None;
                }
            }
            Tag::TableCell => {
                self.cells += 1;
                if self.cells > 1 {
                    self.block.push_for(" | ", range.start);
                }
            }
            tag if inline(tag) => {}
            _ => self.end_block(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => self.skipping = false,
            TagEnd::Heading(level) => {
                if self.block.text.eq_ignore_ascii_case("findings") && self.findings.is_none() {
                    self.findings = Some(level);
                }
                self.end_block();
            }
            TagEnd::TableHead | TagEnd::TableRow | TagEnd::Paragraph | TagEnd::Item => {
                self.end_block();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let source = &self.source.text[range.clone()];
        // Code keeps its ticks in the range; an entity reads otherwise than it is written.
        match source.find(text) {
            Some(offset) => self.block.push(text, range.start + offset),
            None => self.block.push_for(text, range.start),
        }
    }

    /// Anchors are kept, other tags and comments dropped, text between tags of a block kept.
    fn html(&mut self, html: &str, from: usize) {
        let mut at = 0;
        while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
            self.block.push(&html[at..open], from + at);
            let end = if html[open..].starts_with("<!--") { "-->" } else { ">" };
            let close = html[open..].find(end).map_or(html.len(), |offset| open + offset);
            if html[open..].starts_with("<br") {
                self.block.push_for(" ", from + open);
            }
            if let Some(id) = anchor(&html[open..close]) {
                self.block.anchors.push((id.to_owned(), from + open));
            }
            at = (close + end.len()).min(html.len());
        }
        self.block.push(&html[at..], from + at);
    }

    fn end_block(&mut self) {
        let mut block = std::mem::take(&mut self.block);
        self.cells = 0;
        if !block.text.is_empty() || !block.anchors.is_empty() {
            block.findings = self.findings.is_some();
            self.blocks.push(block);
        }
    }
}

fn inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

/// The `id` of an opening tag.
fn anchor(tag: &str) -> Option<&str> {
    let value = tag.split_once(" id=")?.1;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let source = Source::new("a.md", text);
        Page::read(&source).blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn a_page_is_read_as_a_reader_reads_it() {
        for (text, expected) in [
            ("stays *under*\n**200&nbsp;MB** always", vec!["stays under 200 MB always"]),
            ("a [link](http://4.gb) and `64KB`", vec!["a link and 64KB"]),
            ("# Title\n\n- one\n- two\n  - three\n", vec!["Title", "one", "two", "three"]),
            (
                "| part | heap |\n|---|---|\n| pool | ~41 MB |\n",
                vec!["part | heap", "pool | ~41 MB"],
            ),
            ("before\n\n```\n64 MB\n```\n\n    9 MB\n\nafter", vec!["before", "after"]),
            ("peak RSS <4 GB", vec!["peak RSS <4 GB"]),
            ("---\ntitle: 4 GB\n---\ntext", vec!["text"]),
            ("<div>7 MB <!-- 8 MB --></div>\n", vec!["7 MB"]),
            ("a<br>b", vec!["a b"]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn anchors_belong_to_their_block() {
        let source = Source::new("a.md", "x\n\n<a id=\"K1\"></a>y <a class='b' id='K2'></a>\n");
        let page = Page::read(&source);
        assert_eq!(page.blocks[1].anchors, [("K1".to_owned(), 3), ("K2".to_owned(), 20)]);
        assert_eq!(page.blocks[0].anchors, []);
    }

    #[test]
    fn findings_end_at_a_heading_of_their_level_or_above() {
        let source = Source::new(
            "a.md",
            "# A\n\n## Findings\n\n1 MB\n\n### deeper\n\n2 MB\n\n## B\n\n3 MB\n",
        );
        let page = Page::read(&source);
        let outside: Vec<&str> =
            page.blocks.iter().filter(|b| !b.findings).map(|b| b.text.as_str()).collect();
        assert_eq!(outside, ["A", "B", "3 MB"]);
    }
}
