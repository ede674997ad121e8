//! Every word that a person reads when a test fails: one screen, remedy last.

use std::cmp::Reverse;
use std::fmt::Write as _;

use plimsoll_format::{Budget, Case, Line, Phase, Quantity, Unit};

use crate::growth::{Change, changes, value_for};
use crate::measurement::{Cause, Crash, Outcome};
use crate::oracle::Difference;
use crate::page::{Page, grouped};
use crate::profile::{Amount, Profile};
use crate::runner::Runner;
use crate::screen_stopped;
use crate::verdict::{Judgement, Verdict};

/// How many sites a failure names.
pub(crate) const SITES_SHOWN: usize = 5;

/// How wide the name of a site is made.
pub(crate) const SITE_WIDTH: usize = 44;

/// What a failure is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) test: &'a str,
    pub(crate) case_name: &'a str,
    pub(crate) case: &'a Case,
    pub(crate) budget: &'a Budget,
    /// The case's profile in this run, where it could be taken, and the accepted page.
    pub(crate) profile: Option<&'a Profile>,
    /// Why the profile, if there is one, is dhat's and not the recorder's.
    pub(crate) not_recorded: Option<&'a str>,
    /// Where the refused block of a run that was stopped was asked for.
    pub(crate) refused_at: Option<&'a Profile>,
    pub(crate) accepted: Option<&'a Page>,
    pub(crate) runner: &'a Runner,
}

/// The screen of a budget that fails.
pub(crate) fn failure(subject: &Subject<'_>, judgement: &Judgement, outcome: &Outcome) -> String {
    let mut out = String::new();
    let Subject { test, budget, case, .. } = *subject;
    let _ = match &judgement.verdict {
        Verdict::Within | Verdict::Near => writeln!(out, "{test} keeps its line"),
        Verdict::Over | Verdict::Slipped => over(&mut out, subject, judgement, outcome),
        Verdict::Inconclusive(reason) => {
            writeln!(out, "{test}: the runs do not say whether it keeps its line\n\n  {reason}\n")
        }
        Verdict::Wrong(what) => wrong(&mut out, test, what),
        Verdict::Crashed(crash) => crashed(&mut out, test, crash),
        Verdict::Hung { after_seconds, output } => hung(&mut out, test, *after_seconds, output),
        Verdict::Stopped(stop) => {
            let (at, held) = (subject.refused_at, subject.profile);
            screen_stopped::stopped(&mut out, test, stop, at, held)
        }
        Verdict::Broken(reason) => writeln!(out, "{test} could not be measured\n\n  {reason}\n"),
    };
    let _ = match &judgement.verdict {
        // A panic has unwound, and taken most with it.
        Verdict::Crashed(crash) if !matches!(crash.cause, Cause::Panic(_)) => {
            remains(&mut out, subject)
        }
        Verdict::Hung { .. } => remains(&mut out, subject),
        _ => Ok(()),
    };
    if judgement.verdict != Verdict::Over {
        let place = if matches!(judgement.verdict, Verdict::Broken(_)) {
            &budget.place
        } else {
            &case.place
        };
        let _ = writeln!(out, "  case       {:<46} {place}", subject.case_name);
        let _ = writeln!(out, "  promised   {:<46} {}\n", quoted(&budget.says), budget.cited);
    }
    let _ = remedies(&mut out, subject, &judgement.verdict);
    out
}

fn over(
    out: &mut String,
    subject: &Subject<'_>,
    judgement: &Judgement,
    outcome: &Outcome,
) -> std::fmt::Result {
    let Subject { test, budget, .. } = *subject;
    let below =
        matches!((judgement.measured, budget.line.least()), (Some(is), Some(least)) if is < least);
    let side = if below { "under" } else { "over" };
    writeln!(out, "{test} is {side} its line\n")?;
    if let Some(measured) = judgement.measured {
        let figures = against(measured, &budget.line);
        writeln!(out, "  measured   {figures:<46} {}", budget.place)?;
    }
    writeln!(out, "  promised   {:<46} {}", quoted(&budget.says), budget.cited)?;
    if !budget.at.is_empty() {
        writeln!(out, "  counted    what was allocated below {}", budget.at.join(" or "))?;
    }
    match &budget.phase {
        Some(Phase::During(span)) => writeln!(out, "  during     the span {span}")?,
        Some(Phase::After(span)) => writeln!(out, "  after      the span {span}")?,
        None => {}
    }
    if let Some(why) = &budget.why {
        writeln!(out, "  because    {why}")?;
    }
    let family = budget.line.family();
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    if let (Outcome::Measured(run), Unit::Bytes) = (outcome, budget.metric.unit())
        && let Some(heap) = run.heap
    {
        write!(out, "  heap       {} at its peak", bytes(heap.peak_bytes))?;
        if let Some(peak) = subject.accepted.and_then(|page| page.whole.get("peak bytes")) {
            let since = heap.peak_bytes as i64 - *peak as i64;
            let sign = if since < 0 { '-' } else { '+' };
            write!(
                out,
                " · accepted profile {}, so {sign}{} since",
                bytes(*peak),
                bytes(since.unsigned_abs())
            )?;
        }
        writeln!(out)?;
    }
    writeln!(out)?;
    sites(out, subject)
}

/// `231.4 MB of 200 MB   +31.4 MB, +15.7 %`; both in raw units where rounding makes them alike.
fn against(measured: Quantity, line: &Line) -> String {
    let family = line.family();
    let end = match (line.least(), line.most()) {
        (Some(least), _) if measured < least => least,
        (_, Some(most)) => most,
        (Some(least), None) => least,
        (None, None) => return measured.to_string(),
    };
    let difference = Quantity::new(measured.value() - end.value(), measured.unit());
    let alike = measured.in_family(family) == end.in_family(family);
    let show = |quantity: Quantity| {
        if alike { quantity.exact() } else { quantity.in_family(family) }
    };
    let sign = if difference.value() < 0.0 { '-' } else { '+' };
    let size = Quantity::new(difference.value().abs(), difference.unit());
    let percent = match end.value() {
        0.0 => String::new(),
        whole => format!(", {:+.1} %", difference.value() / whole * 100.0),
    };
    format!("{} of {}   {sign}{}{percent}", show(measured), show(end), show(size))
}

fn sites(out: &mut String, subject: &Subject<'_>) -> std::fmt::Result {
    let Some(value) = value_for(subject.budget.metric) else { return Ok(()) };
    // Who held what at a phase's peak nobody noted.
    let value = match (&subject.budget.phase, value) {
        (Some(_), "peak bytes") => "total bytes",
        (Some(_), "peak blocks") => "total blocks",
        (_, value) => value,
    };
    let Some(profile) = subject.profile else {
        return match subject.not_recorded {
            Some(reason) => writeln!(out, "  no call sites: {reason}\n"),
            None => Ok(()),
        };
    };
    let changes = changes(profile, subject.accepted, value);
    let grown = changes.iter().any(|change| change.grown() > 0) && subject.accepted.is_some();
    let noun = if value.ends_with("bytes") { "memory" } else { "blocks" };
    let value_family = subject.budget.line.family();
    match (grown, subject.accepted) {
        (true, _) => writeln!(out, "  where the growth is ({value})")?,
        (false, Some(_)) => {
            writeln!(
                out,
                "  where the {noun} is ({value}); no site grew since its page was accepted"
            )?;
        }
        (false, None) => writeln!(out, "  where the {noun} is ({value})")?,
    }
    for change in changes.iter().take(SITES_SHOWN) {
        let amount = |value: u64| match noun {
            "memory" => Quantity::bytes(value as f64).in_family(value_family),
            _ => grouped(value),
        };
        let row = match grown {
            true => {
                format!("+ {:>10}   {:<8}", amount(change.grown().unsigned_abs()), share(change))
            }
            false => format!("  {:>10}   {:<8}", amount(change.now), ""),
        };
        let place = change.place.as_deref().unwrap_or("");
        writeln!(out, "    {row} {:<SITE_WIDTH$} {place}", change.site)?;
    }
    if changes.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", changes.len() - SITES_SHOWN)?;
    }
    if let Some(reason) = subject.not_recorded {
        writeln!(out, "\n  by dhat, in a second run: {reason}")?;
    }
    writeln!(out)
}

/// What a run that was cut short held at that moment.
fn remains(out: &mut String, subject: &Subject<'_>) -> std::fmt::Result {
    let Some(profile) = subject.profile.filter(|profile| profile.whole.peak.bytes > 0) else {
        return Ok(());
    };
    let family = subject.budget.line.family();
    let bytes = |value: u64| Quantity::bytes(value as f64).in_family(family);
    let mut held: Vec<_> =
        profile.sites.iter().filter(|(_, site)| site.held.end.bytes > 0).collect();
    held.sort_by_key(|(name, site)| (Reverse(site.held.end.bytes), *name));
    writeln!(
        out,
        "  it held {} then, of at most {}",
        bytes(profile.whole.end.bytes),
        bytes(profile.whole.peak.bytes)
    )?;
    for (name, site) in held.iter().take(SITES_SHOWN) {
        let place = site.place.as_deref().unwrap_or("");
        writeln!(
            out,
            "      {:>10}            {name:<SITE_WIDTH$} {place}",
            bytes(site.held.end.bytes)
        )?;
    }
    if held.len() > SITES_SHOWN {
        writeln!(out, "      and {} more", held.len() - SITES_SHOWN)?;
    }
    writeln!(out)
}

fn share(change: &Change) -> String {
    match change.accepted {
        None | Some(0) => "new".to_owned(),
        Some(accepted) => format!("{:+.0} %", change.grown() as f64 / accepted as f64 * 100.0),
    }
}

fn wrong(out: &mut String, test: &str, what: &str) -> std::fmt::Result {
    writeln!(out, "{test}: the work did not compute what it should\n")?;
    indented(out, what)
}

fn crashed(out: &mut String, test: &str, crash: &Crash) -> std::fmt::Result {
    match &crash.cause {
        Cause::Panic(message) => writeln!(out, "{test}: the work panicked: {message}\n")?,
        Cause::Abort => writeln!(out, "{test}: the work aborted its process\n")?,
        Cause::StackOverflow => writeln!(out, "{test}: the work overflowed its stack\n")?,
        Cause::OutOfMemory => writeln!(out, "{test}: the allocator refused the work a block\n")?,
        Cause::Signal(signal) => writeln!(out, "{test}: signal {signal} killed the work\n")?,
        Cause::Exit(code) => {
            writeln!(out, "{test}: the work left with exit code {code} before it was done\n")?;
        }
    }
    indented(out, &crash.output)
}

fn hung(out: &mut String, test: &str, after_seconds: f64, output: &str) -> std::fmt::Result {
    let after = Quantity::seconds(after_seconds);
    writeln!(out, "{test}: the work did not end within {after} and was killed\n")?;
    indented(out, output)
}

pub(crate) fn indented(out: &mut String, text: &str) -> std::fmt::Result {
    for line in text.lines() {
        writeln!(out, "  │ {line}")?;
    }
    if text.is_empty() { Ok(()) } else { writeln!(out) }
}

fn remedies(out: &mut String, subject: &Subject<'_>, verdict: &Verdict) -> std::fmt::Result {
    let Subject { test, case_name, .. } = *subject;
    if matches!(verdict, Verdict::Over | Verdict::Stopped(_)) {
        writeln!(out, "  look      cargo plimsoll show {case_name}")?;
    }
    writeln!(out, "  rerun     {}", subject.runner.command(test, subject.case))?;
    match verdict {
        Verdict::Over => {
            writeln!(out, "  if right  change the promise and its budget together, and say why")
        }
        Verdict::Wrong(_) => writeln!(out, "  if right  change the case's answer, and say why"),
        Verdict::Hung { .. } => {
            writeln!(out, "  if right  give the case more time: timeout = \"120 s\"")
        }
        Verdict::Stopped(stop) => screen_stopped::remedy(out, stop),
        _ => Ok(()),
    }
}

/// The words above and below insta's own diff when a page is not the accepted one.
pub(crate) fn page_differs(test: &str, case: &Case, was_accepted: bool, runner: &Runner) -> String {
    let what = if was_accepted { "is not the accepted page" } else { "has no accepted page yet" };
    format!(
        "{test} {what} (the page or its diff stands above)\n\n  \
         look      git diff, after accepting; or cargo insta review\n  \
         accept    INSTA_UPDATE=always {}\n  \
         then      read the page as a reviewer would, and commit it with the change\n",
        runner.command(test, case)
    )
}

/// Why a case has no profile to compare.
pub(crate) fn no_profile(test: &str, case: &Case, verdict: &Verdict, runner: &Runner) -> String {
    let mut out = String::new();
    let _ = match verdict {
        Verdict::Wrong(what) => wrong(&mut out, test, what),
        Verdict::Crashed(crash) => crashed(&mut out, test, crash),
        Verdict::Hung { after_seconds, output } => hung(&mut out, test, *after_seconds, output),
        Verdict::Stopped(stop) => screen_stopped::stopped(&mut out, test, stop, None, None),
        Verdict::Broken(reason) => writeln!(out, "{test} could not be measured\n\n  {reason}\n"),
        Verdict::Within
        | Verdict::Near
        | Verdict::Slipped
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
    let reason = Verdict::Broken(format!("{why}: {reason}"));
    no_profile(test, case, &reason, runner)
}

/// Why nothing is known of a component.
pub(crate) fn no_component(patterns: &[String], of_zero: bool, largest: &[String]) -> String {
    let patterns = patterns.join("` or `");
    let missing = match of_zero {
        true => "no function of the program is called like",
        false => "nothing was allocated below a function that is called like",
    };
    let known = match largest {
        [] => "nothing was allocated at all".to_owned(),
        names => format!("the most was allocated in {}", names.join(", ")),
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
    let mut out = format!("{test}: the recorder and dhat saw different things\n\n");
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
    let _ = write!(
        out,
        "\n  \
         either    the work is not the same in every run: make it so, or say `threads` if it has any\n  \
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

/// What is said when the tool itself fails.
pub(crate) fn tool_failed(test: &str, error: &anyhow::Error) -> String {
    format!("{test}: plimsoll itself failed: {error:#}")
}

/// Says on stderr what keeps the tests from being listed at all.
#[expect(clippy::print_stderr, reason = "stdout belongs to the runner; this is where it looks")]
pub(crate) fn complain(text: &str) {
    eprintln!("{text}");
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
