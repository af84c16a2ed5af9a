//! Transactions. One way to begin them, since SQLite loses writers that read first unless they begin as writers.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::{Duration, Instant};

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use crate::connect::{BUSY, Store};
use crate::error::Result;

/// How often a transaction is repeated when another one came first.
const TRIES: u32 = 4;

/// The work of a transaction.
type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

/// Tells the compiler that what the work borrows (`'env`) outlives the transaction (`'t`).
type Borrows<'t, 'env> = PhantomData<&'t &'env ()>;

impl Store {
    /// Does all of the work in one transaction, or nothing; repeats it when another transaction came first, so the work
    /// must do nothing outside the transaction.
    pub(crate) async fn write<'env, T, F>(&self, work: F) -> Result<T>
    where
        F: for<'t> Fn(&'t DatabaseTransaction, Borrows<'t, 'env>) -> Work<'t, T> + Send + Sync,
        T: Send,
    {
        self.repeated(work, true).await
    }

    /// Does the work in one transaction and takes all of it back: what it tells is what it would have done.
    pub(crate) async fn rehearse<'env, T, F>(&self, work: F) -> Result<T>
    where
        F: for<'t> Fn(&'t DatabaseTransaction, Borrows<'t, 'env>) -> Work<'t, T> + Send + Sync,
        T: Send,
    {
        self.repeated(work, false).await
    }

    async fn repeated<'env, T, F>(&self, work: F, keep: bool) -> Result<T>
    where
        F: for<'t> Fn(&'t DatabaseTransaction, Borrows<'t, 'env>) -> Work<'t, T> + Send + Sync,
        T: Send,
    {
        let begun = Instant::now();
        let mut tried = 0;
        loop {
            tried += 1;
            match self.try_write(&work, keep).await {
                Err(error) if error.is_passing() && tried < TRIES && begun.elapsed() < BUSY => {
                    tokio::time::sleep(Duration::from_millis(20 * u64::from(tried * tried))).await;
                }
                result => return result,
            }
        }
    }

    async fn try_write<'env, T, F>(&self, work: &F, keep: bool) -> Result<T>
    where
        F: for<'t> Fn(&'t DatabaseTransaction, Borrows<'t, 'env>) -> Work<'t, T> + Send + Sync,
    {
        let tx = self.begin().await?;
        match work(&tx, PhantomData).await {
            Ok(done) if keep => {
                tx.commit().await?;
                Ok(done)
            }
            Ok(would) => {
                tx.rollback().await?;
                Ok(would)
            }
            Err(error) => {
                // A transaction that cannot even be rolled back ends with its connection.
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }

    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.is_sqlite().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }
}
