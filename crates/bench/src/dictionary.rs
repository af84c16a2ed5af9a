//! `dictionary`: trains what stored postings are packed with on postings of the simulator whose names, numbers and articles
//! are made unlike any, so that it knows how Ozon words a posting and nothing of what this shop sells.

use std::path::Path;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use storage::Store;
use storage::cabinets::NewCabinet;

use crate::Outcome;
use crate::measured::child;
use crate::place::Place;
use crate::simulator::{API_KEY, CLIENT_ID, Content, Simulated, url};

const POSTINGS: i64 = 3_000;
/// Bytes. A larger one packs hardly better.
const LARGEST: usize = 16 << 10;
/// What is the shop's or its buyers' own: the text after such a key is made unlike itself.
const OWN: [&str; 12] = [
    "name",
    "offer_id",
    "address_tail",
    "tail",
    "comment",
    "product_color",
    "color",
    "warehouse",
    "warehouse_name",
    "delivery_method_name",
    "phone",
    "scanit",
];
/// Russian letters, the frequent ones first.
const LETTERS: &str = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф";

/// Trains it and writes it.
pub async fn run(place: &Place, out: &Path) -> Outcome<()> {
    let _simulated = Simulated::start(&Content {
        postings: usize::try_from(POSTINGS)?,
        all_open: false,
        days: 300,
        seed: 1,
    })?;
    let (base, store) = place.fresh("dictionary").await?;
    let new = NewCabinet {
        name: "Домашний уют".to_owned(),
        client_id: CLIENT_ID.to_owned(),
        api_key: API_KEY.into(),
        api_url: url(),
    };
    store.add_cabinet(new, chrono::Utc::now(), "bench").await?;
    child(&["load", "--url", &base.url], &base.key).await?;
    let samples = samples(&store).await?;
    store.close().await?;
    place.remove("dictionary").await?;
    let trained = zstd::dict::from_samples(&samples, LARGEST)?;
    println!("{} texts, {} bytes", samples.len(), trained.len());
    Ok(std::fs::write(out, trained)?)
}

/// Each posting as it is stored: what is known of it, and how the list words it.
async fn samples(store: &Store) -> Outcome<Vec<String>> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut samples = Vec::new();
    for id in 1..=POSTINGS {
        let facts = store.posting_facts(id).await?.ok_or("a posting that could not be read")?;
        let list = store.raw_posting(id).await?.list.ok_or("a posting that no list showed")?;
        samples.push(unlike(&(serde_json::to_string(&facts)? + &list), &mut rng));
    }
    Ok(samples)
}

/// The same JSON with other names, articles, long numbers and prices; its texts have no quotes in them.
fn unlike(json: &str, rng: &mut StdRng) -> String {
    let mut other = String::with_capacity(json.len());
    let mut key = "";
    let mut parts = json.split('"').enumerate().peekable();
    while let Some((at, part)) = parts.next() {
        let is_text = at % 2 == 1;
        let is_key = is_text && parts.peek().is_some_and(|(_, next)| next.starts_with(':'));
        if is_key {
            key = part;
            other.push_str(part);
        } else {
            other.push_str(&scrambled(part, is_text && OWN.contains(&key), rng));
        }
        if parts.peek().is_some() {
            other.push('"');
        }
    }
    other
}

/// Random digits instead of those of long and broken numbers; with `whole` instead of all, and random letters for letters.
fn scrambled(text: &str, whole: bool, rng: &mut StdRng) -> String {
    let letters: Vec<char> = LETTERS.chars().collect();
    let chars: Vec<char> = text.chars().collect();
    let in_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut other = String::with_capacity(text.len());
    for run in chars.chunk_by(|one, next| in_number(*one) == in_number(*next)) {
        let is_zero = run.iter().all(|c| matches!(c, '0' | '.'));
        let is_own = whole || run.len() >= 5 || run.contains(&'.');
        other.extend(run.iter().map(|c| match c {
            '0'..='9' if is_own && !is_zero => char::from(rng.random_range(b'0'..=b'9')),
            'A'..='Z' if whole => char::from(rng.random_range(b'A'..=b'Z')),
            // The product of two even chances leans to the beginning, as a language does.
            'а'..='я' | 'ё' | 'А'..='Я' | 'Ё' if whole => {
                letters
                    [rng.random_range(0..letters.len()) * rng.random_range(0..letters.len()) / letters.len()]
            }
            other => *other,
        }));
    }
    other
}
