//! Copies of a SQLite database while others write, and putting them back.

use std::path::Path;

use storage::{Config, Error, SecretKey, Store};
use testkit::TestDatabase;

use crate::fixture::*;

fn with_file(database: &TestDatabase, file: &Path) -> Config {
    Config { database_url: format!("sqlite://{}", file.display()), ..database.config.clone() }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_made_while_others_write_is_whole_and_can_be_put_back() {
    let database = TestDatabase::sqlite().await;
    let store = database.store.clone();
    let id = cabinet(&store).await;
    for n in 0..40 {
        one(&store, id, n, &posting(&format!("{n}-1-1"), "awaiting_packaging")).await;
    }
    let writing = tokio::spawn({
        let store = store.clone();
        async move {
            for n in 40..200 {
                one(&store, id, n, &posting(&format!("{n}-1-1"), "awaiting_packaging")).await;
            }
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy of today.db");
    let copied = store.back_up(&file).await.expect("a copy");
    writing.await.expect("the writer was not held up");
    assert!((40..=200).contains(&copied.orders) && copied.orders == copied.postings, "{copied:?}");
    assert_eq!(names(folder.path()), ["copy of today.db"], "nothing is left aside");
    assert_eq!(copied.bytes, std::fs::metadata(&file).expect("is there").len());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600);
    }

    let put_back = with_file(&database, &folder.path().join("vygruzka.db"));
    assert_eq!(storage::backup::restore(&file, &put_back).await.expect("is put back"), copied);
    let again = Store::open(&put_back).await.expect("opens");
    again.migrate().await.expect("migrates");
    assert_eq!(all_orders(&again).await.len() as u64, copied.orders.min(200));
    assert!(again.cabinet_key(id).await.is_ok(), "the secrets open");
    one(&again, id, 999, &posting("new-1-1", "awaiting_packaging")).await;
    let refused = storage::backup::restore(&file, &put_back).await;
    assert!(matches!(refused, Err(Error::Exists(_))), "a database is never written over: {refused:?}");
    again.close().await.expect("ends");
}

#[tokio::test]
async fn a_copy_never_takes_the_place_of_another_file() {
    let database = TestDatabase::sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("precious.txt");
    std::fs::write(&file, "precious").expect("is written");
    assert!(matches!(database.store.back_up(&file).await, Err(Error::Exists(_))));
    assert_eq!(std::fs::read_to_string(&file).expect("is there"), "precious");
    let nowhere = database.store.back_up(&folder.path().join("no/such/folder.db")).await;
    assert!(matches!(nowhere, Err(Error::File(..))), "{nowhere:?}");
    assert_eq!(names(folder.path()), ["precious.txt"]);
}

#[tokio::test]
async fn only_a_whole_copy_of_ours_is_put_back_and_only_with_its_key() {
    let database = TestDatabase::sqlite().await;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let id = cabinet(&database.store).await;
    one(&database.store, id, 1, &posting("1-1-1", "awaiting_packaging")).await;
    database.store.back_up(&at("copy.db")).await.expect("a copy");
    let config = with_file(&database, &at("vygruzka.db"));
    let refused = async |name: &str, config: &Config| {
        let refused = storage::backup::restore(&at(name), config).await.expect_err("is refused");
        assert!(!at("vygruzka.db").exists());
        refused
    };

    let whole = std::fs::read(at("copy.db")).expect("is there");
    std::fs::write(at("half.db"), &whole[..whole.len() / 2]).expect("is written");
    std::fs::write(at("letter.txt"), "Dear all").expect("is written");
    rusty(&at("strange.db")).await;
    for name in ["half.db", "letter.txt", "strange.db"] {
        let error = refused(name, &config).await;
        assert!(matches!(error, Error::NoCopy(..)) && error.to_string().contains(name), "{name}: {error}");
    }
    assert!(matches!(refused("missing.db", &config).await, Error::File(..)));
    let another = Config { secret_key: Some(SecretKey::generate()), ..config.clone() };
    assert!(matches!(refused("copy.db", &another).await, Error::WrongSecretKey));
    let none = Config { secret_key: None, ..config.clone() };
    assert!(matches!(refused("copy.db", &none).await, Error::NoSecretKey));
    std::fs::write(at("copy.db-wal"), "what was not in it yet").expect("is written");
    assert!(matches!(refused("copy.db", &config).await, Error::NoCopy(..)));
    std::fs::rename(at("copy.db-wal"), at("vygruzka.db-wal")).expect("is moved");
    assert!(
        matches!(refused("copy.db", &config).await, Error::Exists(_)),
        "an old log would be read into it"
    );
    std::fs::remove_file(at("vygruzka.db-wal")).expect("goes");
    storage::backup::restore(&at("copy.db"), &config).await.expect("is put back");
}

/// A SQLite database of somebody else.
async fn rusty(file: &Path) {
    use sea_orm::ConnectionTrait;
    let db =
        sea_orm::Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.expect("opens");
    db.execute_unprepared("CREATE TABLE bicycles (id INTEGER PRIMARY KEY)").await.expect("is made");
    db.close().await.expect("ends");
}
