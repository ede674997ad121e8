//! The result of an execution.

use serde::Serialize;

/// The output of a guest, and how its code ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Its stdout in this execution; bytes that are not UTF-8 are replaced.
    pub stdout: String,
    /// Its stderr: the traceback, if it raised an exception.
    pub stderr: String,
    /// How its code ended.
    pub outcome: Outcome,
}

/// How code ended, as the guest reports it: a hostile guest may report anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ran to its end.
    Finished,
    /// It raised an exception and did not catch it.
    Raised {
        /// The name of its class, such as `MemoryError`.
        kind: String,
        /// Its text.
        message: String,
    },
    /// It called `sys.exit`. The session continues.
    Exit {
        /// The exit code.
        code: i32,
    },
}

impl Outcome {
    /// Parses a reply: `=`, `x` and a code, or `!`, a name, a newline and a text.
    pub(crate) fn parse(reply: &[u8]) -> Option<Self> {
        let (status, rest) = reply.split_first()?;
        let rest = String::from_utf8_lossy(rest);
        match status {
            b'=' if rest.is_empty() => Some(Self::Finished),
            b'x' => Some(Self::Exit { code: rest.parse().ok()? }),
            b'!' => {
                let (kind, message) = rest.split_once('\n')?;
                Some(Self::Raised { kind: kind.into(), message: message.into() })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn replies_are_parsed_or_refused() {
        let raised = Outcome::Raised { kind: "KeyError".into(), message: "'a'\nb".into() };
        assert_eq!(Outcome::parse(b"="), Some(Outcome::Finished));
        assert_eq!(Outcome::parse(b"x-3"), Some(Outcome::Exit { code: -3 }));
        assert_eq!(Outcome::parse(b"!KeyError\n'a'\nb"), Some(raised));
        for refused in [&b""[..], b"=1", b"x", b"x1.5", b"!KeyError", b"hello"] {
            assert_eq!(Outcome::parse(refused), None, "{refused:?}");
        }
    }
}
