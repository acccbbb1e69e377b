//! PostgreSQL's certificate is really looked at.

use std::{path::PathBuf, time::Duration};

use anb_store::{Db, DbOptions, StoreError, TlsMode, TlsOptions};
use anb_testkit::{Postgres, TlsPostgres};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

async fn connect(url: &str, tls: TlsOptions) -> Result<Db, StoreError> {
    let options = DbOptions {
        url: url.into(),
        max_connections: 1,
        acquire_timeout: Duration::from_secs(30),
        tls,
        ..DbOptions::default()
    };
    Db::connect(&options).await
}

fn trusting(ca_file: PathBuf, mode: Option<TlsMode>) -> TlsOptions {
    TlsOptions { mode, ca_file: Some(ca_file) }
}

async fn is_encrypted(db: &Db) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    db.reader().query_one_raw(statement).await.unwrap().unwrap().try_get("", "ssl").unwrap()
}

/// The refusal says which settings to look at.
fn is_explained(refused: Result<Db, StoreError>) {
    let Err(error @ StoreError::Tls(_)) = refused else {
        panic!("{:?}", refused.err());
    };
    let said = error.to_string();
    for setting in ["database.ssl_mode", "database.ca_file", "database.url"] {
        assert!(said.contains(setting), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_from_the_right_authority_is_accepted() {
    let server = TlsPostgres::start();
    let (url, ca) = (server.url("localhost"), server.authority());
    let by_settings = connect(&url, trusting(ca.clone(), None)).await.unwrap();
    assert!(is_encrypted(&by_settings).await);

    let ca = ca.display();
    let in_the_url = format!("{url}?sslmode=verify-full&sslrootcert={ca}");
    let by_url = connect(&in_the_url, TlsOptions::default()).await.unwrap();
    assert!(is_encrypted(&by_url).await);
}

#[tokio::test]
async fn a_certificate_from_another_authority_is_refused() {
    let server = TlsPostgres::start();
    let (url, wrong) = (server.url("localhost"), server.another_authority());
    is_explained(connect(&url, trusting(wrong.clone(), None)).await);
    is_explained(connect(&url, trusting(wrong, Some(TlsMode::VerifyCa))).await);
    let public = TlsOptions { mode: Some(TlsMode::VerifyFull), ca_file: None };
    is_explained(connect(&url, public).await);
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused() {
    let server = TlsPostgres::start();
    let (url, ca) = (server.url("127.0.0.1"), server.authority());
    is_explained(connect(&url, trusting(ca.clone(), None)).await);
    let weaker = format!("{url}?sslmode=require");
    is_explained(connect(&weaker, trusting(ca.clone(), None)).await);

    let any_host = trusting(ca, Some(TlsMode::VerifyCa));
    assert!(is_encrypted(&connect(&url, any_host).await.unwrap()).await);
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_is_demanded() {
    let url = Postgres::blank_database().await;
    let demanded = TlsOptions { mode: Some(TlsMode::VerifyFull), ca_file: None };
    is_explained(connect(&url, demanded).await);
}

#[tokio::test]
async fn a_missing_file_of_authorities_is_named() {
    let ca = PathBuf::from("/there/is/no/such/bundle.pem");
    let url = "postgres://nobody@localhost/nothing";
    let error = connect(url, trusting(ca, None)).await.err().unwrap().to_string();
    assert!(error.contains("database.ca_file /there/is/no/such/bundle.pem"), "{error}");
}
