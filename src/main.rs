fn main() {
    let d = reffect::read::Dataset::load(std::env::args().nth(1).unwrap());
    println!(
        "{:#?}",
        d.map(|d| d.releases().iter().map(|r| (r.id.clone(), r.outcomes.len(), r.numbers.len())).collect::<Vec<_>>())
    );
}
