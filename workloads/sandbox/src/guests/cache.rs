//! The user's cache folder, by the XDG base directory specification.

use std::ffi::OsString;
use std::path::PathBuf;

pub(super) fn cache_dir(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // By the specification, a relative path is ignored.
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base =
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    base.map(|base| base.join("plimsoll/sandbox"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::cache_dir;

    #[test]
    fn cache_dir_follows_the_xdg_specification() {
        let cases = [
            (Some("/c"), Some("/h"), Some("/c/plimsoll/sandbox")),
            (Some("relative"), Some("/h"), Some("/h/.cache/plimsoll/sandbox")),
            (None, Some("/h"), Some("/h/.cache/plimsoll/sandbox")),
            (None, None, None),
        ];
        for (xdg, home, expected) in cases {
            let variable = |name: &str| match name {
                "XDG_CACHE_HOME" => xdg.map(Into::into),
                _ => home.map(Into::into),
            };
            assert_eq!(cache_dir(variable), expected.map(PathBuf::from), "{xdg:?} {home:?}");
        }
    }
}
