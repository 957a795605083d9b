use super::*;

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn reads_commands_and_options() {
    assert_eq!(
        parse(&words("start --port 3010 --data=/tmp/x")).unwrap(),
        Command::Start(Serve { port: 3010, data: Some(PathBuf::from("/tmp/x")) })
    );
    assert_eq!(parse(&words("dev")).unwrap(), Command::Dev(Serve { port: 3000, data: None }));
    assert_eq!(
        parse(&words("test fmt unit")).unwrap(),
        Command::Test(Chosen { stages: vec![Stage::Format, Stage::Unit], extra: vec![] })
    );
    assert_eq!(
        parse(&words("test e2e -- --grep --help")).unwrap(),
        Command::Test(Chosen { stages: vec![Stage::EndToEnd], extra: words("--grep --help") })
    );
    assert_eq!(parse(&words("tidy")).unwrap(), Command::Tidy);
    let figures = vec![Figure::Products, Figure::Start];
    assert_eq!(
        parse(&words("bench products --seconds 3 start")).unwrap(),
        Command::Bench(Measure { figures, seconds: 3, ..Measure::DEFAULT })
    );
    let figures = vec![Figure::DueMillion];
    assert_eq!(
        parse(&words("bench due-million --count=5 --worker-share 100")).unwrap(),
        Command::Bench(Measure { figures, count: 5, worker_share: 100, ..Measure::DEFAULT })
    );
    assert_eq!(parse(&words("bench")).unwrap(), Command::Bench(Measure::DEFAULT));
    assert_eq!(parse(&words("simulate")).unwrap(), Command::Simulate(Simulate::DEFAULT));
    assert_eq!(
        parse(&words("simulate --seed 7 --seeds=2 --years 1 --organizations=5")).unwrap(),
        Command::Simulate(Simulate { seed: Some(7), seeds: 2, years: 1, organizations: 5 })
    );
    assert!(matches!(parse(&[]).unwrap(), Command::Help(text) if text.contains("clippy-wasm")));
    assert!(
        matches!(parse(&words("bench -h")).unwrap(), Command::Help(text) if text.contains("assignments"))
    );
    assert!(matches!(parse(&words("test --help")).unwrap(), Command::Help(_)));
}

#[test]
fn says_in_one_sentence_what_is_wrong() {
    for (line, part) in [
        ("fly", "no command `fly`"),
        ("test tidy -- x", "name `unit` or `e2e`"),
        ("test moon", "no stage `moon`; choose from tidy,"),
        ("start --port", "`--port` needs a value"),
        ("start --port 70000", "no port"),
        ("start --port 0", "no port"),
        ("start --color red", "no option `--color`"),
        ("tidy now", "takes no options"),
        ("bench speed", "no figure `speed`; choose from products,"),
        ("bench --seconds", "`--seconds` needs a value"),
        ("bench --seconds=0", "no number of seconds"),
        ("bench --count 0", "no number of subscriptions"),
        ("bench --worker-share 101", "no part of the worker's time: give one from 1 to 100"),
        ("bench --color", "no option `--color`"),
        ("simulate --years 0", "no number of years: give one from 1 to 100"),
        ("simulate --seed -1", "no seed"),
        ("simulate --seed", "`--seed` needs a value"),
        ("simulate forever", "what to do with `forever`"),
    ] {
        let message = parse(&words(line)).unwrap_err().to_string();
        assert!(message.contains(part) && !message.contains('\n'), "{line}: {message}");
    }
}
