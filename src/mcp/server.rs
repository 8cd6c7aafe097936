//! Speaks the protocol: lists, checks and hands over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, JsonObject,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ProgressNotificationParam, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResourceContents,
    ServerCapabilities, ServerConfig, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::answer::{Answer, Failure};
use super::tool::{Call, Effect, Step, Tool, tools};
use super::turns::Turns;
use super::{Options, resources};
use crate::codegen::names::nearest;
use crate::tasks::Interrupt;
use crate::tasks::redact::Redaction;
use crate::workspace::database;

/// Why there is no server, or why it ended before its client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot start the MCP server: {0}")]
    Start(#[from] std::io::Error),
    #[error(transparent)]
    Secrets(#[from] database::Error),
    #[error("no MCP client began a session on stdin: {0}")]
    Session(String),
}

/// How long a run may take to put down that it was stopped, once the client is
/// gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a client is told when it begins.
const INSTRUCTIONS: &str = "schemacast casts a Postgres schema into everything that mirrors it. Begin with `list_tasks`, \
which names the projects and their tasks. `drift` tells how a database differs from its manifest, `introspect` brings the \
manifest to what the database holds, `generate` brings the generated files to the manifest; `run_chain` does all that a \
project declares, in order. After a failure read `task_logs` with `failed`. Databases are named `configured` or `scratch`, \
never by URL.";

/// Serves a client on stdin and stdout until it goes or a signal comes.
///
/// It blocks, and starts its own runtime: it must not be called inside of one.
///
/// # Errors
/// The runtime cannot be made, `.env` cannot be read, or nobody on stdin speaks
/// the protocol.
pub fn serve(options: &Options) -> Result<(), Error> {
    let redaction = Arc::new(database::redaction(&options.workspace)?);
    let turns = Turns::default();
    let server = Server { options: options.clone(), redaction, turns: turns.clone() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        tokio::select! {
            served = session(server) => served,
            () = asked_to_stop() => Ok(()),
        }
    });
    // The calls that write are stopped as Ctrl-C stops a chain; those that read
    // end with the process, and their scratch servers with them.
    turns.end(PATIENCE);
    runtime.shutdown_background();
    served
}

async fn session(server: Server) -> Result<(), Error> {
    let running = server.serve(rmcp::transport::stdio_pipes()).await;
    let running = running.map_err(|error| Error::Session(error.to_string()))?;
    // However the session ended, there is nobody left to be told.
    let _ = running.waiting().await;
    Ok(())
}

/// A polite kill, or Ctrl-C.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut int), Ok(mut term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        // Without it the signals do what they always do.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
}

#[derive(Clone)]
struct Server {
    options: Options,
    redaction: Arc<Redaction>,
    turns: Turns,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("schemacast", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools().map(|tool| described(tool, self.options.allow_write)).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools().find(|tool| tool.name == request.name) else {
            let near = nearest(&request.name, tools().map(|tool| tool.name.to_owned()));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(ErrorData::invalid_params(format!("there is no tool `{}`{hint}", request.name), None));
        };
        let arguments = request.arguments.unwrap_or_default();
        let faults = tool.faults(&arguments);
        if !faults.is_empty() {
            return Err(ErrorData::invalid_params(format!("{}: {}", tool.name, faults.join("; ")), None));
        }
        let (steps, heard) = unbounded_channel();
        let interrupt = Interrupt::default();
        let call =
            Call { options: self.options.clone(), turns: self.turns.clone(), interrupt: interrupt.clone(), steps };
        let started = Instant::now();
        let work = tokio::task::spawn_blocking(move || (tool.run)(&call, Value::Object(arguments)));
        tell_steps(heard, &context, &interrupt, &self.redaction).await;
        let result = work.await.unwrap_or_else(|_| {
            Err(Failure::Failed(format!("{} made the server panic (please report this)", tool.name)))
        });
        let word = match &result {
            Ok(Answer { failed: false, .. }) => "done",
            Ok(_) | Err(Failure::Failed(_)) => "failed",
            Err(Failure::Arguments(_)) => "refused",
        };
        (self.options.log)(&format!("{} {word} {:.1} s", tool.name, started.elapsed().as_secs_f64()));
        match result {
            Ok(answer) => Ok(self.result(answer).into()),
            Err(Failure::Failed(message)) => {
                let message = self.redaction.apply(&message);
                Ok(CallToolResult::error(vec![ContentBlock::text(message)]).into())
            }
            Err(Failure::Arguments(message)) => {
                let message = format!("{}: {}", tool.name, self.redaction.apply(&message));
                Err(ErrorData::invalid_params(message, None))
            }
        }
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let resources = self.in_thread(resources::list).await?;
        Ok(ListResourcesResult::with_all_items(resources.map_err(|error| ErrorData::internal_error(error, None))?))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.clone();
        let read = self.in_thread(move |options| resources::read(options, &uri)).await?;
        let (text, mime_type) =
            read.map_err(|error| ErrorData::resource_not_found(self.redaction.apply(&error), None))?;
        let contents = ResourceContents::text(self.redaction.apply(&text), request.uri).with_mime_type(mime_type);
        Ok(ReadResourceResult::new(vec![contents]).into())
    }
}

impl Server {
    /// An answer without secrets.
    fn result(&self, answer: Answer) -> CallToolResult {
        let text = self.redaction.apply(answer.text.trim_end());
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        // The same text without the secrets is JSON still, for they are
        // replaced in their escaped form.
        result.structured_content = serde_json::from_str(&self.redaction.apply(&answer.value.to_string())).ok();
        result.is_error = Some(answer.failed);
        result
    }

    async fn in_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Options) -> T + Send + 'static,
    ) -> Result<T, ErrorData> {
        let options = self.options.clone();
        let done = tokio::task::spawn_blocking(move || work(&options)).await;
        done.map_err(|_| ErrorData::internal_error("the server panicked (please report this)", None))
    }
}

/// Passes on how far a call is, and has its cancellation raise the interrupt,
/// until the call has ended.
async fn tell_steps(
    mut steps: UnboundedReceiver<Step>,
    context: &RequestContext<RoleServer>,
    interrupt: &Interrupt,
    redaction: &Redaction,
) {
    let token = context.meta.get_progress_token();
    let mut is_cancelled = false;
    loop {
        tokio::select! {
            step = steps.recv() => {
                let Some(step) = step else { return };
                let Some(token) = token.clone().filter(|_| !is_cancelled) else { continue };
                let told = ProgressNotificationParam::new(token, step.progress)
                    .with_total(step.total)
                    .with_message(redaction.apply(&step.message));
                // Whoever has gone is not told, and the call goes on.
                let _ = context.peer.notify_progress(told).await;
            }
            () = context.ct.cancelled(), if !is_cancelled => {
                is_cancelled = true;
                interrupt.raise();
            }
        }
    }
}

fn described(tool: &Tool, allow_write: bool) -> rmcp::model::Tool {
    let object = |schema: Value| match schema {
        Value::Object(object) => Arc::new(object),
        // The tests see to it that a schema is an object's.
        _ => Arc::new(JsonObject::new()),
    };
    // Whoever asks before each call that may write need not ask where none can.
    let annotations = match tool.effect {
        Effect::Writes { destructive, idempotent } if allow_write => {
            ToolAnnotations::new().read_only(false).destructive(destructive).idempotent(idempotent)
        }
        Effect::Writes { .. } | Effect::Reads => {
            ToolAnnotations::new().read_only(true).destructive(false).idempotent(true)
        }
    };
    rmcp::model::Tool::new(tool.name, tool.description, object(tool.input_schema()))
        .with_title(tool.title)
        .with_raw_output_schema(object((tool.output)()))
        .with_annotations(annotations.open_world(false))
}
