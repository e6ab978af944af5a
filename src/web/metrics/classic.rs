//! From OpenMetrics to the older format of Prometheus, which most of what scrapes still asks for.

/// The same metrics. The older format calls a counter by the name of its samples, knows no type for information, and has no
/// end.
pub(super) fn classic(text: &str) -> String {
    let mut classic = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        match line.split_once("# HELP ").map(|(_, rest)| rest.split_once(' ').unwrap_or((rest, ""))) {
            Some((name, help)) => {
                let kind = lines.next_if(|line| line.starts_with("# TYPE ")).and_then(|line| line.rsplit(' ').next());
                let (name, kind) = match kind {
                    Some("counter") => (format!("{name}_total"), "counter"),
                    Some("info") => (format!("{name}_info"), "gauge"),
                    kind => (name.to_owned(), kind.unwrap_or("untyped")),
                };
                for piece in ["# HELP ", &name, " ", help, "\n# TYPE ", &name, " ", kind] {
                    classic.push_str(piece);
                }
            }
            None if line == "# EOF" => continue,
            None => classic.push_str(line),
        }
        classic.push('\n');
    }
    classic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_called_as_its_samples_are() {
        let text = "# HELP a Things.\n# TYPE a counter\na_total{b=\"c\"} 1\n# HELP d E\n# TYPE d info\nd_info{f=\"g\"} 1\n\
                    # HELP h I\n# TYPE h gauge\nh 2\n# EOF\n";
        let expected = "# HELP a_total Things.\n# TYPE a_total counter\na_total{b=\"c\"} 1\n# HELP d_info E\n# TYPE d_info gauge\n\
                        d_info{f=\"g\"} 1\n# HELP h I\n# TYPE h gauge\nh 2\n";
        assert_eq!(classic(text), expected);
    }
}
