//! A new secret key: everything opens with it, nothing with the one before, and no moment leaves a pair that does not open.

use std::sync::Arc;

use secrecy::ExposeSecret;
use storage::mail::{MailSettings, Password};
use storage::people::Role;
use storage::{Config, Error, SecretKey, Store};
use testkit::TestDatabase;

use crate::fixture::*;

fn mail() -> MailSettings {
    MailSettings {
        host: "localhost".into(),
        port: 25,
        security: "tls".into(),
        login: Some("desk".into()),
        sender: "desk@shop.example".into(),
        recipients: vec!["olga@shop.example".into()],
        language: "ru".into(),
        extra_root: None,
    }
}

/// One secret of every kind.
async fn with_secrets(store: &Store) -> String {
    let cabinet = cabinet(store).await;
    store.set_mail(&mail(), &Password::New("mail-word".into()), "test", morning()).await.expect("is set");
    let anna = store.add_user("a@x", "h", Role::Admin, morning()).await.expect("is added").id;
    store.begin_second_factor(anna, &"FACTOR".into()).await.expect("begins");
    store.hook_secret(cabinet).await.expect("is made")
}

/// What each of them is.
async fn secrets(store: &Store) -> Result<[String; 4], Error> {
    let cabinet = store.cabinet_named("Дом").await?.id;
    let (anna, _) = store.user_by_email("a@x").await?.ok_or(Error::NotFound)?;
    let text = |secret: secrecy::SecretString| secret.expose_secret().to_owned();
    Ok([
        text(store.cabinet_key(cabinet).await?),
        store.hook_secret(cabinet).await?,
        text(store.mail_password().await?.ok_or(Error::NotFound)?),
        text(store.second_factor(anna.id).await?.ok_or(Error::NotFound)?.secret),
    ])
}

async fn opened(config: &Config, key: Option<&SecretKey>) -> Store {
    Store::open(&Config { secret_key: key.cloned(), ..config.clone() }).await.expect("the store opens")
}

testkit::on_both_databases! {
    async fn every_secret_opens_with_the_new_key_and_none_with_the_old(database: Arc<TestDatabase>) {
        let old = &database.store;
        let hook = with_secrets(old).await;
        let before = secrets(old).await.expect("all open");
        assert_eq!(before, [API_KEY, hook.as_str(), "mail-word", "FACTOR"]);

        let key = SecretKey::generate();
        let rotated = old.rotate_secret_key(&key, "test", morning()).await.expect("is rotated");
        assert_eq!((rotated.secrets, rotated.file), (4, None));
        let new = opened(&database.config, Some(&key)).await;
        new.migrate().await.expect("the key is the database's");
        assert_eq!(secrets(&new).await.expect("all open"), before);
        assert!(new.cabinet_of_hook(&hook).await.expect("answers").is_some(), "Ozon's address is the same");

        assert!(matches!(secrets(old).await, Err(Error::WrongSecretKey)));
        assert!(matches!(old.check_secret_key().await, Err(Error::WrongSecretKey)));
        assert!(matches!(old.migrate().await, Err(Error::WrongSecretKey)));
        let again = old.rotate_secret_key(&SecretKey::generate(), "test", morning()).await;
        assert!(matches!(again, Err(Error::WrongSecretKey)), "nobody rotates from a key that is no more");
    }

    async fn a_process_with_the_old_key_writes_no_secret(database: Arc<TestDatabase>) {
        let old = &database.store;
        with_secrets(old).await;
        let before = secrets(old).await.expect("all open");
        let key = SecretKey::generate();
        old.rotate_secret_key(&key, "test", morning()).await.expect("is rotated");

        let cabinet = old.cabinet_named("Дом").await.expect("is there").id;
        let (anna, _) = old.user_by_email("a@x").await.expect("answers").expect("is there");
        let refused = [
            old.set_cabinet_key(cabinet, "other".into(), morning(), "test").await,
            old.renew_hook_secret(cabinet, "test", morning()).await.map(|_| ()),
            old.set_mail(&mail(), &Password::New("other".into()), "test", morning()).await,
            old.begin_second_factor(anna.id, &"OTHER".into()).await,
            old.add_cabinet(new_cabinet("Сад", "200"), morning(), "test").await.map(|_| ()),
        ];
        for refusal in refused {
            assert!(matches!(refusal, Err(Error::WrongSecretKey)), "{refusal:?}");
        }
        old.set_mail(&mail(), &Password::Keep, "test", morning()).await.expect("what is sealed already stays");
        let new = opened(&database.config, Some(&key)).await;
        assert_eq!(secrets(&new).await.expect("all open"), before);
        assert_eq!(new.cabinets().await.expect("answers").len(), 1);
    }

    async fn secrets_written_during_a_rotation_are_encrypted_with_the_one_key_or_refused(database: Arc<TestDatabase>) {
        with_secrets(&database.store).await;
        let mut store = database.store.clone();
        for round in 0..10 {
            let key = SecretKey::generate();
            let cabinet = store.cabinet_named("Дом").await.expect("is there").id;
            let written = format!("key-{round}");
            let (rotated, set) = tokio::join!(
                store.rotate_secret_key(&key, "test", morning()),
                store.set_cabinet_key(cabinet, written.as_str().into(), morning(), "test"),
            );
            rotated.expect("is rotated");
            store = opened(&database.config, Some(&key)).await;
            let kept = secrets(&store).await.expect("all open with the new key");
            match set {
                Ok(()) => assert_eq!(kept[0], written),
                Err(Error::WrongSecretKey) => assert_ne!(kept[0], written),
                Err(other) => panic!("{other}"),
            }
        }
    }

    async fn a_secret_that_cannot_be_opened_stops_the_rotation_and_is_named(database: Arc<TestDatabase>) {
        use sea_orm::ConnectionTrait;
        let store = &database.store;
        with_secrets(store).await;
        let tables = database.tables().await;
        tables.execute_unprepared("UPDATE users SET factor_secret = password_hash_of_nobody FROM (SELECT api_key AS \
            password_hash_of_nobody FROM cabinets) AS other").await.expect("is spoilt");
        let refused = store.rotate_secret_key(&SecretKey::generate(), "test", morning()).await;
        let said = refused.expect_err("one does not open").to_string();
        assert!(said.contains("the second factor of a@x"), "{said}");
        let cabinet = store.cabinet_named("Дом").await.expect("is there").id;
        assert_eq!(store.cabinet_key(cabinet).await.expect("as before").expose_secret(), API_KEY);
    }
}

/// A store with its key in a file.
async fn with_a_key_file(folder: &tempfile::TempDir) -> (Config, Store) {
    let database_url = format!("sqlite://{}", folder.path().join("vygruzka.db").display());
    let config = Config { database_url, secret_key: None, zone: chrono_tz::Europe::Moscow };
    let store = opened(&config, None).await;
    store.migrate().await.expect("is made");
    (config, store)
}

fn files(folder: &tempfile::TempDir) -> Vec<String> {
    let all = std::fs::read_dir(folder.path()).expect("a folder");
    let names = all.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let mut keys: Vec<String> = names.filter(|name| name.contains(".key")).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn the_key_in_the_file_is_exchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, store) = with_a_key_file(&folder).await;
    with_secrets(&store).await;
    let before = secrets(&store).await.expect("all open");
    let key = SecretKey::generate();
    let rotated = store.rotate_secret_key(&key, "test", morning()).await.expect("is rotated");
    let file = rotated.file.expect("a file");
    assert_eq!(std::fs::read_to_string(&file).expect("is there"), key.to_base64());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(files(&folder), ["vygruzka.key"], "nothing stands aside");
    assert_eq!(secrets(&opened(&config, None).await).await.expect("all open"), before);
}

#[tokio::test]
async fn a_rotation_that_was_cut_off_before_the_database_took_it_leaves_the_old_pair() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, store) = with_a_key_file(&folder).await;
    with_secrets(&store).await;
    let key = SecretKey::generate();
    let aside = folder.path().join(format!("vygruzka.key.{}", key.fingerprint()));
    // Written whole, or cut short.
    for text in [key.to_base64(), "c2hv".to_owned()] {
        std::fs::write(&aside, text).expect("is written");
        let again = opened(&config, None).await;
        again.migrate().await.expect("the old key is the database's");
        secrets(&again).await.expect("all open");
    }
    store.rotate_secret_key(&key, "test", morning()).await.expect("and the same key can be tried once more");
    assert_eq!(files(&folder), ["vygruzka.key"]);
    secrets(&opened(&config, None).await).await.expect("all open");
}

#[tokio::test]
async fn a_rotation_that_was_cut_off_after_the_database_took_it_is_completed_by_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, store) = with_a_key_file(&folder).await;
    with_secrets(&store).await;
    let (main, key) = (folder.path().join("vygruzka.key"), SecretKey::generate());
    let old = std::fs::read_to_string(&main).expect("is there");
    store.rotate_secret_key(&key, "test", morning()).await.expect("is rotated");
    // As if the exchange of the files had not come.
    let aside = folder.path().join(format!("vygruzka.key.{}", key.fingerprint()));
    std::fs::rename(&main, &aside).expect("is moved");
    std::fs::write(&main, old).expect("is written");

    // Two processes that start at once.
    let (one, two) = tokio::join!(opened(&config, None), opened(&config, None));
    for store in [one, two] {
        store.migrate().await.expect("the new key is the database's");
        secrets(&store).await.expect("all open");
    }
    assert_eq!(files(&folder), ["vygruzka.key"]);
    assert_eq!(std::fs::read_to_string(&main).expect("is there"), key.to_base64());
}
