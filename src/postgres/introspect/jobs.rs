//! Several connections that read one moment.
//!
//! Most of a big catalog's time is the server's own: its joins, and the
//! printing of defaults, checks and index expressions. One connection is one
//! process there. So the first exports its snapshot, others that import it see
//! the same moment, and each takes from one queue what is next, the dearest
//! first. Answers keep the places of their queries, so that what is made of
//! them does not depend on who asked.
//!
//! Architecture Invariant: the first connection could do it all alone, and
//! nothing fails because there are others. One that is refused, that reaches
//! another server, or that breaks, is gone without a word, and what it had
//! taken is taken again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_postgres::Client;

use super::pipeline::{self, Answer, Query};
use super::{
    Error, Options, columns, constraints, coverage, dependencies, grants, indexes, nullability, relations, sequences,
};
use crate::postgres::connect;
use crate::postgres::settings::ConnectionSettings;

/// The queries that are worth a turn of their own, the dearest first, as they
/// were measured on `benches/big_catalog.sql`. The others, which take little
/// together, are one turn.
const DEAR: [&Query; 10] = [
    &columns::COLUMNS,
    &dependencies::DEPENDENCIES,
    &indexes::INDEXES,
    &indexes::INDEX_KEYS,
    &constraints::CONSTRAINTS,
    &coverage::COVERAGE,
    &sequences::SEQUENCES,
    &nullability::NOT_NULL_COLUMNS,
    &grants::GRANTS,
    &relations::RELATIONS,
];

/// How many connections are opened where nobody says a number.
const USUAL: u16 = 4;

/// From how many relations on others are worth their start, which is a process
/// and a cold cache at the server.
const MANY: i64 = 3000;

/// What the first connection says for the others: the snapshot's name, and two
/// things that tell its server and moment from another's of the same name.
const EXPORT: &str = "SELECT pg_catalog.pg_export_snapshot(),
       pg_catalog.pg_current_snapshot()::text || pg_catalog.pg_postmaster_start_time()::text";

const ARRIVED: &str = "SELECT pg_catalog.pg_current_snapshot()::text || pg_catalog.pg_postmaster_start_time()::text";

/// What decides whether others are worth their start, from the first query.
pub(super) struct Size {
    /// The process that answered.
    pub backend: i32,
    /// Relations that are not the server's own.
    pub relations: i64,
    /// How many connections the role, the database and the server have left.
    pub room: i64,
}

/// How many connections may read this catalog, the first included.
pub(super) async fn number(client: &Client, settings: &ConnectionSettings, size: &Size, options: &Options) -> u16 {
    let wanted = match options.jobs {
        Some(jobs) => jobs,
        None if size.relations < MANY => 1,
        None => {
            let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
            u16::try_from(cores).unwrap_or(USUAL).min(USUAL)
        }
    };
    // Of the connections that are left, half are left to others.
    let room = u16::try_from((size.room / 2).clamp(0, 64)).unwrap_or(0);
    let number = wanted.min(1 + room);
    if number > 1 && is_pooled(client, settings, size.backend).await { 1 } else { number.max(1) }
}

/// Whether a pooler stands between, whose backends are for all its clients.
async fn is_pooled(client: &Client, settings: &ConnectionSettings, backend: i32) -> bool {
    if settings.is_neon_pooler() || settings.is_supabase_pooler() {
        return true;
    }
    // Neon's proxy cancels by a number of its own, also where it pools nothing.
    let promised = connect::promised(&client.cancel_token()).await;
    !settings.is_neon() && promised.is_some_and(|promised| promised != backend)
}

/// Asks all queries over the first connection and `others` more. The answers
/// come in the order of the queries.
///
/// The transaction of `client` is open. Those of the others end with this, or
/// with their connections.
///
/// # Errors
/// [`Trouble::Alone`] where the snapshot cannot be exported; else what went
/// wrong on the first connection.
pub(super) async fn share(
    client: &Client,
    settings: &ConnectionSettings,
    others: u16,
    queries: Vec<&'static Query>,
    schemas: &[u32],
    options: &Options,
) -> Result<(Vec<Answer>, JoinSet<()>), Trouble> {
    let board = Arc::new(Board::new(queries, schemas));
    let (exported, snapshot) = watch::channel(None);
    let mut tasks = JoinSet::new();
    for _ in 0..others {
        let other = Other {
            settings: settings.clone(),
            begin: options.begin(),
            snapshot: snapshot.clone(),
            board: board.clone(),
        };
        tasks.spawn(other.read());
    }
    // Sent before the first turn, whose answer nobody waits for to begin.
    let export = async {
        let row = client.query_typed_one(EXPORT, &[]).await?;
        let snapshot = Snapshot { name: row.try_get(0)?, moment: row.try_get(1)? };
        exported.send_replace(Some(snapshot));
        Ok::<(), tokio_postgres::Error>(())
    };
    let (exported, first) = join(export, board.take_turn(client)).await;
    match exported {
        Err(error) if !connect::is_lost(&error) => return Err(Trouble::Alone),
        Err(error) => return Err(Trouble::Failed(Error::Query { what: "snapshot", error })),
        Ok(()) => {}
    }
    first?;
    let started = Instant::now();
    while !board.is_done() {
        if board.take_turn(client).await? {
            continue;
        }
        let patience = PATIENCE.max(started.elapsed() * 2);
        if tokio::time::timeout(patience, board.changed.notified()).await.is_err() {
            board.take_back();
        }
    }
    Ok((board.answers(), tasks))
}

/// Why [`share`] gave no answers.
pub(super) enum Trouble {
    /// The server exports no snapshot, so that the transaction has failed: one
    /// connection is to read in a new one.
    Alone,
    Failed(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Failed(error)
    }
}

/// How long an answer of another may be missing when there is nothing else to
/// do, at least, before the first connection asks itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long the end of the others' transactions is waited for.
const GOODBYE: Duration = Duration::from_secs(1);

/// Waits until the others have ended their transactions; what does not end
/// soon, such as one that waits for its turn at a server, is cut off.
pub(super) async fn end(mut tasks: JoinSet<()>) {
    let ended = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GOODBYE, ended).await;
}

#[derive(Clone)]
struct Snapshot {
    name: String,
    moment: String,
}

/// What is to be asked and what was answered.
struct Board {
    queries: Vec<&'static Query>,
    schemas: Vec<u32>,
    /// Places of queries that are asked together.
    turns: Vec<Vec<usize>>,
    state: Mutex<State>,
    /// Told whenever a turn is answered or given back.
    changed: Notify,
    /// Whether all is answered, for those that are still on their way.
    done: watch::Sender<bool>,
}

struct State {
    waiting: VecDeque<usize>,
    answers: Vec<Option<Answer>>,
}

impl Board {
    fn new(queries: Vec<&'static Query>, schemas: &[u32]) -> Board {
        let place = |dear: &&Query| queries.iter().position(|query| query.sql == dear.sql);
        let mut turns: Vec<Vec<usize>> = DEAR.iter().filter_map(place).map(|place| vec![place]).collect();
        let rest = (0..queries.len()).filter(|place| !turns.iter().any(|turn| turn.contains(place))).collect();
        turns.push(rest);
        let state = State { waiting: (0..turns.len()).collect(), answers: queries.iter().map(|_| None).collect() };
        let (changed, done) = (Notify::new(), watch::channel(false).0);
        Board { queries, schemas: schemas.to_vec(), turns, state: Mutex::new(state), changed, done }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing that holds it can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks what is next, and says whether there was anything. Where it fails,
    /// it is next again.
    async fn take_turn(&self, client: &Client) -> Result<bool, Error> {
        let Some(turn) = self.state().waiting.pop_front() else { return Ok(false) };
        let queries: Vec<&Query> = self.turns[turn].iter().map(|place| self.queries[*place]).collect();
        let answers = pipeline::ask_all(client, &queries, &self.schemas).await;
        let mut state = self.state();
        let outcome = match answers {
            Ok(answers) => {
                for (place, answer) in self.turns[turn].iter().zip(answers) {
                    state.answers[*place] = Some(answer);
                }
                Ok(true)
            }
            Err(error) => {
                state.waiting.push_front(turn);
                Err(error)
            }
        };
        if state.answers.iter().all(Option::is_some) {
            self.done.send_replace(true);
        }
        drop(state);
        self.changed.notify_one();
        outcome
    }

    fn is_done(&self) -> bool {
        *self.done.borrow()
    }

    /// Puts back what is not answered yet.
    fn take_back(&self) {
        let mut state = self.state();
        let is_missing = |turn: &usize| self.turns[*turn].iter().any(|place| state.answers[*place].is_none());
        state.waiting = (0..self.turns.len()).filter(is_missing).collect();
    }

    fn answers(&self) -> Vec<Answer> {
        self.state().answers.iter_mut().filter_map(Option::take).collect()
    }
}

/// A connection beside the first.
struct Other {
    settings: ConnectionSettings,
    begin: String,
    snapshot: watch::Receiver<Option<Snapshot>>,
    board: Arc<Board>,
}

impl Other {
    async fn read(mut self) {
        let mut done = self.board.done.subscribe();
        let board = self.board.clone();
        // Where all is answered before it is there, nobody waits for it.
        let arrived = tokio::select! {
            arrived = self.arrive() => arrived,
            _ = done.wait_for(|done| *done) => None,
        };
        let Some(client) = arrived else { return };
        while let Ok(true) = board.take_turn(&client).await {}
        let _ = client.batch_execute("COMMIT").await;
    }

    /// Connects, and opens a transaction that sees what the first one sees.
    async fn arrive(&mut self) -> Option<Client> {
        let client = connect::open_once(&self.settings).await?;
        let snapshot = self.snapshot.wait_for(Option::is_some).await.ok()?.clone()?;
        // It stands in a statement that takes no parameters.
        if !snapshot.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return None;
        }
        let begin = self.begin.replacen(';', &format!(";\nSET TRANSACTION SNAPSHOT '{}';", snapshot.name), 1);
        client.batch_execute(&begin).await.ok()?;
        let row = client.query_typed_one(ARRIVED, &[]).await.ok()?;
        (row.try_get::<_, &str>(0).ok()? == snapshot.moment).then_some(client)
    }
}
