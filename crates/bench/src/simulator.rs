//! The simulated Ozon in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use ozon_sim::{CabinetSettings, Config, GeneratorOptions, Limits, Simulator, Status};
use serde_json::Value;

use crate::Outcome;

/// The port that cabinets of kept stores know.
pub const PORT: u16 = 18_990;
/// The cabinet that is loaded.
pub const CLIENT_ID: &str = "100500";
/// Its key; it opens nothing but the simulator.
pub const API_KEY: &str = "simulated-api-key";

/// What its cabinet holds.
#[derive(Clone, Debug, clap::Args)]
pub struct Content {
    /// How many postings.
    #[arg(long)]
    pub postings: usize,
    /// All of them wait to be packed.
    #[arg(long)]
    pub all_open: bool,
    /// They began in so many days before now.
    #[arg(long, default_value_t = 300)]
    pub days: u32,
    /// What makes them different from others.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// The process; it ends with this value.
pub struct Simulated {
    child: Child,
}

impl Simulated {
    /// Starts one and waits until it is ready.
    pub fn start(content: &Content) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["measured", "simulator"]);
        command.args(["--postings", &content.postings.to_string()]);
        command.args(["--days", &content.days.to_string(), "--seed", &content.seed.to_string()]);
        if content.all_open {
            command.arg("--all-open");
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or("the simulator has no output")?;
        let mut ready = String::new();
        BufReader::new(out).read_line(&mut ready)?;
        if ready.trim() != "ready" {
            return Err("the simulator did not start".into());
        }
        Ok(Self { child })
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Its address.
pub fn url() -> String {
    format!("http://127.0.0.1:{PORT}")
}

/// How many requests it has answered since its start.
pub async fn requests() -> Outcome<u64> {
    let text = reqwest::get(format!("{}/_sim/requests/count", url())).await?.text().await?;
    let told: Value = serde_json::from_str(&text)?;
    Ok(told["total"].as_u64().ok_or("the simulator tells no count")?)
}

/// Serves until it is killed.
pub async fn serve(content: Content) -> Outcome<()> {
    let listen = ([127, 0, 0, 1], PORT).into();
    let config = Config { listen, control: true, limits: Limits::lifted(), ..Config::default() };
    let running = Simulator::start(config).await?;
    running.handle().add_cabinet(CabinetSettings::new(CLIENT_ID, API_KEY));
    let statuses = if content.all_open { vec![Status::AwaitingPackaging] } else { Vec::new() };
    let options =
        GeneratorOptions { seed: content.seed, days: content.days, statuses, ..GeneratorOptions::default() };
    running.handle().generate(CLIENT_ID, content.postings, &options)?;
    println!("ready");
    running.wait().await;
    Ok(())
}
