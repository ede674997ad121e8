//! The profile test: pages that differ, are missing, or cannot be compared.

use std::fmt::Write as _;

use plimsoll_format::Case;

use super::SITES_SHOWN;
use super::ending::{crashed, hung, wrong};
use super::stopped::stopped;
use crate::judge::verdict::Verdict;
use crate::report::runner::Runner;
use crate::report::snapshot::grouped;
use crate::sites::oracle::Difference;
use crate::sites::profile::Amount;

/// The words above and below insta's own diff when a page is not the accepted one.
pub(crate) fn page_differs(test: &str, case: &Case, was_accepted: bool, runner: &Runner) -> String {
    let what = if was_accepted { "is not the accepted page" } else { "has no accepted page yet" };
    let varies = match case.varies.filter(|_| was_accepted) {
        Some(share) => format!(
            "  varies    more than the {share} that the case states; what is within is shown as accepted\n"
        ),
        None => String::new(),
    };
    format!(
        "{test} {what} (the page or its diff stands above)\n\n\
         {varies}  look      git diff, after accepting; or cargo insta review\n  \
         accept    INSTA_UPDATE=always {}\n  \
         then      read the page as a reviewer would, and commit it with the change\n",
        runner.command(test, case)
    )
}

/// Why a case has no profile to compare.
pub(crate) fn no_profile(test: &str, case: &Case, verdict: &Verdict, runner: &Runner) -> String {
    let mut out = String::new();
    let _ = match verdict {
        Verdict::UnexpectedResult(what) => wrong(&mut out, test, what),
        Verdict::Crashed(crash) => crashed(&mut out, test, crash),
        Verdict::TimedOut { after_seconds, output } => hung(&mut out, test, *after_seconds, output),
        Verdict::OverCap(stop) => stopped(&mut out, test, stop, None, None),
        Verdict::NotMeasured(reason) => {
            writeln!(out, "{test} could not be measured\n\n  {reason}\n")
        }
        Verdict::Within
        | Verdict::Near
        | Verdict::Regressed
        | Verdict::Over
        | Verdict::Inconclusive(_) => Ok(()),
    };
    let _ = writeln!(out, "  case      {}", case.place);
    let _ = writeln!(out, "  rerun     {}", runner.command(test, case));
    out
}

/// Why a case that ran well has no profile to compare.
pub(crate) fn no_sites(test: &str, case: &Case, reason: &str, runner: &Runner) -> String {
    let why = match case.heavy {
        true => "the page of a heavy case is made of the judged run, whose call sites are missing",
        false => "its call sites are missing",
    };
    let reason = Verdict::NotMeasured(format!("{why}: {reason}"));
    no_profile(test, case, &reason, runner)
}

/// Why nothing is known of a component.
pub(crate) fn no_component(
    patterns: &[String],
    of_zero: bool,
    alike: &[String],
    largest: &[String],
) -> String {
    let patterns = patterns.join("` or `");
    let missing = match of_zero {
        true => "no function of the program is called like",
        false => "nothing was allocated below a function that is called like",
    };
    let known = match (alike, largest) {
        (_, []) => "nothing was allocated at all".to_owned(),
        ([], names) => format!("the most was allocated in {}", names.join(", ")),
        (names, _) => format!("there is `{}`", names.join("`, `")),
    };
    format!("{missing} `{patterns}`; {known}")
}

/// The two recorders contradict each other.
pub(crate) fn recorders_differ(
    test: &str,
    case: &Case,
    differences: &[Difference],
    runner: &Runner,
) -> String {
    let apart = case.varies.map_or(String::new(), |share| {
        format!(
            ", which differ by more than {share} and more than {share} of a twentieth of the whole"
        )
    });
    let mut out = format!("{test}: the recorder and dhat saw different things{apart}\n\n");
    for Difference { site, figure, recorded, under_dhat } in differences.iter().take(SITES_SHOWN) {
        let amount = |amount: &Amount| {
            format!("{} B in {} blocks", grouped(amount.bytes), grouped(amount.blocks))
        };
        let _ = writeln!(out, "  {site} {figure}");
        let _ = writeln!(out, "    recorder {:<40} dhat {}", amount(recorded), amount(under_dhat));
    }
    if differences.len() > SITES_SHOWN {
        let _ = writeln!(out, "  and {} more", differences.len() - SITES_SHOWN);
    }
    let either = match case.varies {
        Some(share) => format!(
            "two runs lie farther apart than `varies = \"{share}\"` says: make them more alike, or say how far"
        ),
        None => {
            "the work is not the same in every run: make it so, say `threads` if it has any, or \
                 by how much it `varies`"
                .to_owned()
        }
    };
    let _ = write!(
        out,
        "\n  \
         either    {either}\n  \
         or        it is an error in plimsoll: please report it\n  \
         rerun     {}\n",
        runner.command(test, case)
    );
    out
}

/// Why no page is compared while the environment would accept any.
pub(crate) fn accepts_in_ci(test: &str, variable: &str) -> String {
    format!(
        "{test}: {variable} would accept any page, and this is CI\n\n  \
         remedy    unset {variable}, and commit the page that was read by a person\n"
    )
}

/// Why a page cannot be compared here.
pub(crate) fn other_target(test: &str, accepted: &str, here: &str) -> String {
    format!("{test} is ignored: its page was accepted on {accepted}, and this is {here}")
}
