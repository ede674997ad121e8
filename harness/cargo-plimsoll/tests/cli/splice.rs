//! `report --splice`: tables in a committed page that change only when the program does.

use serde_json::json;

use crate::scratch::{BUDGETS, HEAVY, Scratch, others, peak_heap, read_all};

const README: &str = "# Mine

<!-- plimsoll:report -->
old
<!-- /plimsoll:report -->

The end.
";

fn spliced(measured: &str) -> String {
    let (arch, os) = (std::env::consts::ARCH, std::env::consts::OS);
    format!(
        "\
# Mine

<!-- plimsoll:report -->

## my_store

| promise | quote | limit | measured | budgets |
|---|---|---|--:|---|
| [S1](docs/my_store.md#S1) | “at most 1 MiB” | at most 1 MiB | {measured} | `my_store::read::peak_heap` |
| [S2](docs/my_store.md#S2) | “in under 20 ms” | at most 20 ms | kept | `my_store::read::cpu_time` |
| [docs/my\\_store.md](docs/my_store.md) | “with 12 blocks \\| or fewer” | at most 12 blocks | 12 blocks | `my_store::read_twice::total_blocks` |
| [docs/my\\_store.md](docs/my_store.md) | “takes about 34 MB” | 34 MB ± 5 % | kept | `my_store::put::peak_heap` |
| [docs/my\\_store.md](docs/my_store.md) | “does 100 /s” | at least 100 /s | kept | `my_store::put::throughput` |

Measured on {arch} {os}. `kept`: the figure varies from run to run.

<!-- /plimsoll:report -->

The end.
"
    )
}

#[test]
fn table_is_between_the_markers_and_varying_figures_do_not_change_it() {
    let scratch = Scratch::new();
    scratch.write("README.md", README);
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    let printed = scratch.plimsoll("report --splice README.md");
    assert_eq!(printed.out, "README.md is updated\n");
    assert_eq!(scratch.read("README.md"), spliced("1.00 MiB"));

    // Another session: other times, another peak of four threads, one of them near its limit.
    let [mut time, blocks, mut heap, rate] = others();
    time["measured"]["value"] = json!(0.019);
    time["verdict"] = json!("near");
    heap["measured"]["value"] = json!(33_000_000.0);
    scratch.judged(&[time, blocks, heap, rate]);
    let printed = scratch.plimsoll("report --splice README.md --check");
    assert_eq!((printed.code, printed.out.as_str()), (Some(0), "README.md is up to date\n"));
}

/// This run had twelve blocks; the case states that another may have more.
#[test]
fn count_of_a_varying_case_is_kept() {
    let scratch = Scratch::new();
    let varying = "[my_store.read_twice]\nvaries = \"20 %\"";
    scratch.write("budgets.toml", &BUDGETS.replace("[my_store.read_twice]", varying));
    scratch.write("README.md", README);
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    scratch.plimsoll("report --splice README.md");
    let exact = "at most 12 blocks | 12 blocks |";
    let expected = spliced("1.00 MiB").replace(exact, "at most 12 blocks | kept |");
    assert_eq!(scratch.read("README.md"), expected);
}

#[test]
fn stale_page_fails_the_check_and_is_unchanged() {
    let scratch = Scratch::new();
    scratch.write("README.md", &spliced("1.00 MiB"));
    scratch.judged(&[peak_heap(31_457)]);
    scratch.judged(&others());
    let printed = scratch.plimsoll("report --splice README.md --check");
    assert_eq!(
        printed.err,
        "\
README.md is stale: its results are not the measured ones
   remedy: cargo plimsoll report --splice README.md
"
    );
    assert_eq!((printed.code, printed.out.as_str()), (Some(1), ""));
    assert_eq!(scratch.read("README.md"), spliced("1.00 MiB"));
    scratch.plimsoll("report --splice README.md");
    assert_eq!(scratch.read("README.md"), spliced("**over**: 1.03 MiB"));
}

#[test]
fn links_are_relative_to_the_page() {
    let scratch = Scratch::new();
    scratch.write("book/src/results.md", README);
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    scratch.plimsoll_in("book", "report --splice src/results.md");
    let page = scratch.read("book/src/results.md");
    assert!(page.contains("[S1](../../docs/my_store.md#S1)"), "{page}");
}

#[test]
fn page_is_not_written_from_missing_results() {
    let scratch = Scratch::new();
    scratch.write("README.md", README);
    scratch.judged(&others());
    let printed = scratch.plimsoll("report --splice README.md");
    assert_eq!(
        printed.err,
        "\
error: 1 of 5 budgets have no result: my_store::read::peak_heap
   remedy: cargo plimsoll run
"
    );
    assert_eq!((printed.code, scratch.read("README.md").as_str()), (Some(2), README));
}

#[test]
fn page_without_markers_is_an_error_with_the_markers() {
    let scratch = Scratch::new();
    scratch.write("README.md", "# Mine\n");
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    let printed = scratch.plimsoll("report --splice README.md");
    assert_eq!(
        printed.err,
        "\
error: README.md: the page has no markers
   allowed: a pair for the results of every budget, a pair for one row a system; each marker on a line of its own
   example: <!-- plimsoll:report -->
            <!-- /plimsoll:report -->
            <!-- plimsoll:systems -->
            <!-- /plimsoll:systems -->
"
    );
    assert_eq!(printed.code, Some(2));
}

const SUMMARY: &str = "<!-- plimsoll:systems -->\n<!-- /plimsoll:systems -->\n";

/// The row of the system on the page.
fn summary_row(scratch: &Scratch) -> String {
    let page = scratch.read("README.md");
    let row = page.lines().find(|line| line.contains("my\\_store")).unwrap_or_default();
    row.to_owned()
}

#[test]
fn summary_has_one_row_for_each_system() {
    let scratch = Scratch::new();
    scratch.write("README.md", SUMMARY);
    scratch.judged(&[peak_heap(0)]);
    scratch.judged(&others());
    let printed = scratch.plimsoll("report --splice README.md");
    assert_eq!(printed.out, "README.md is updated\n", "{}", printed.err);
    // Two exact figures: 12 blocks of 12, and a heap just at its limit, which is near. Three vary.
    assert_eq!(
        scratch.read("README.md"),
        "\
<!-- plimsoll:systems -->

| system | promises | budgets | results | headline |
|---|--:|--:|---|---|
| my\\_store | 5 | 5 | 1 within, 1 near, 3 kept | [“at most 1 MiB”](docs/my_store.md#S1): at most 1 MiB, 1.00 MiB |

<!-- /plimsoll:systems -->
"
    );
    scratch.write("RESULTS.md", "# Results\n");
    scratch.judged(&[peak_heap(31_457)]);
    scratch.plimsoll("report --splice README.md");
    assert_eq!(
        summary_row(&scratch),
        "| [my\\_store](RESULTS.md#my_store) | 5 | 5 | 1 within, 3 kept, **1 over** | \
         [“at most 1 MiB”](docs/my_store.md#S1): at most 1 MiB, **over**: 1.03 MiB |"
    );
}

#[test]
fn heavy_headline_keeps_its_figure_until_its_result_or_limit_changes() {
    let scratch = Scratch::with_heavy();
    scratch.write("budgets.toml", &format!("{HEAVY}\n{BUDGETS}"));
    scratch.write("README.md", SUMMARY);
    scratch.judged(&[peak_heap(0), read_all()]);
    scratch.judged(&others());
    scratch.plimsoll("report --splice README.md");
    let with_figure = summary_row(&scratch);
    let end = "1 within, 1 near, 3 kept, 1 heavy | [“all of it at most 3 GB”](docs/my_store.md): at most 3 GB, 2.00 GB |";
    assert!(with_figure.ends_with(end), "{with_figure}");
    scratch.remove("target/plimsoll/results/my_store/read_all/peak_heap.json");
    let printed = scratch.plimsoll("report --splice README.md --check");
    assert_eq!((printed.code, printed.out.as_str()), (Some(0), "README.md is up to date\n"));
    scratch
        .write("budgets.toml", &format!("{}\n{BUDGETS}", HEAVY.replace("3 GB\",", "3000 MB\",")));
    scratch.plimsoll("report --splice README.md");
    let not_run = summary_row(&scratch);
    assert!(not_run.ends_with("at most 3000 MB, heavy, not run |"), "{not_run}");
}
