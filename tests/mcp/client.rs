//! An MCP client that speaks lines of JSON-RPC, and looks at all that it gets.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take: a scratch server may be fetched first.
const PATIENCE: Duration = Duration::from_secs(180);

/// A server and the session with it.
pub struct Client {
    server: Child,
    requests: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Notifications that came while an answer was waited for.
    pub heard: VecDeque<Value>,
    /// Answers that came while another was waited for.
    answers: Vec<Value>,
    last_id: u64,
    /// As the server describes them.
    pub tools: Vec<Value>,
}

impl Client {
    /// Starts the program and begins a session.
    pub fn start(root: &Path, options: &[&str]) -> Client {
        let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
        command.arg("mcp").args(options).current_dir(root).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (send, messages) = channel();
        let stdout = BufReader::new(server.stdout.take().unwrap());
        thread::spawn(move || {
            for line in stdout.lines() {
                let line = line.unwrap();
                let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not the protocol: {line}"));
                assert_eq!(message["jsonrpc"], "2.0", "{line}");
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let requests = server.stdin.take();
        let mut client = Client {
            server,
            requests,
            messages,
            heard: VecDeque::new(),
            answers: Vec::new(),
            last_id: 0,
            tools: Vec::new(),
        };
        let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}});
        let answer = client.ask("initialize", hello);
        assert_eq!(answer["result"]["serverInfo"]["name"], "schemacast", "{answer}");
        client.notify("notifications/initialized", json!({}));
        let answer = client.ask("tools/list", json!({}));
        client.tools = answer["result"]["tools"].as_array().unwrap().clone();
        client
    }

    fn write(&mut self, message: &Value) {
        writeln!(self.requests.as_mut().unwrap(), "{message}").unwrap();
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.write(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request, and gives its id.
    pub fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        self.write(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        self.answer(id)
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, id: u64) -> Value {
        if let Some(at) = self.answers.iter().position(|answer| answer["id"] == id) {
            return self.answers.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("an answer");
            match message.get("id") {
                Some(found) if *found == id => return message,
                Some(_) => self.answers.push(message),
                None => self.heard.push_back(message),
            }
        }
    }

    /// Waits for a notification.
    pub fn hear(&mut self) -> Value {
        loop {
            if let Some(message) = self.heard.pop_front() {
                return message;
            }
            let message = self.messages.recv_timeout(PATIENCE).expect("a notification");
            if message.get("id").is_some() { self.answers.push(message) } else { self.heard.push_back(message) }
        }
    }

    /// Whether an answer to a request has come.
    pub fn has_answer(&self, id: u64) -> bool {
        self.answers.iter().any(|answer| answer["id"] == id)
    }

    /// Calls a tool, sees that what is structured is as the tool says, and
    /// gives the whole answer.
    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.ask("tools/call", json!({"name": tool, "arguments": arguments}));
        if let Some(found) = answer["result"].get("structuredContent") {
            let tool = self.tool(tool);
            let validator = jsonschema::draft202012::new(&tool["outputSchema"]).unwrap();
            let faults: Vec<String> = validator.iter_errors(found).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", tool["name"]);
        }
        answer
    }

    /// The structured result of a call that succeeds.
    pub fn found(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self.call(tool, arguments);
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        answer["result"]["structuredContent"].clone()
    }

    /// What a call is told that cannot be done, or did not succeed.
    pub fn failed(&mut self, tool: &str, arguments: Value) -> String {
        let answer = self.call(tool, arguments);
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        answer["result"]["content"][0]["text"].as_str().unwrap().to_owned()
    }

    /// The message of a protocol error about what was asked.
    pub fn refused(&mut self, method: &str, params: Value) -> String {
        let answer = self.ask(method, params);
        let code = answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{answer}"));
        assert!([-32602, -32002].contains(&code), "{answer}");
        answer["error"]["message"].as_str().unwrap().to_owned()
    }

    pub fn tool(&self, name: &str) -> Value {
        self.tools.iter().find(|tool| tool["name"] == name).unwrap().clone()
    }

    /// Ends the session as clients do, and gives the exit code.
    pub fn leave(mut self) -> Option<i32> {
        drop(self.requests.take());
        self.server.wait().unwrap().code()
    }

    /// Ends the server by a polite kill, and gives the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let process = self.server.id().to_string();
        assert!(Command::new("kill").arg(&process).status().unwrap().success());
        self.server.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
