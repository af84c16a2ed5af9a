//! `simulate`: the Ozon simulator alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use ozon_sim::{
    CabinetSettings, Config, GeneratorOptions, Handle, LifeSettings, Running, Scenario, Simulator,
};

use crate::failure::Failure;

/// The ready-made cabinet.
pub const CLIENT_ID: &str = "100500";
/// Its key; it opens nothing but the simulator.
pub const API_KEY: &str = "simulated-api-key";

pub async fn run(listen: SocketAddr, postings: usize, scenario: Option<PathBuf>) -> Result<(), Failure> {
    crate::logging::start("info", crate::logging::LogFormat::Text);
    let running = start(listen).await?;
    if let Some(file) = scenario {
        let wrong =
            |e: &dyn std::fmt::Display| Failure::Usage(format!("the scenario {}: {e}", file.display()));
        let scenario = Scenario::read(&file).map_err(|e| wrong(&e))?;
        running.handle().play(&scenario).map_err(|e| wrong(&e))?;
    } else {
        cabinet(running.handle());
        generate(running.handle(), postings, &GeneratorOptions::default())?;
        running.handle().begin_life(CLIENT_ID, LifeSettings::default()).map_err(|e| failed(&e))?;
        say!("Client-Id: {CLIENT_ID}");
        say!("Api-Key: {API_KEY}");
    }
    say!("Simulator: {}", running.base_url());
    running.wait().await;
    Ok(())
}

/// Starts a simulator without cabinets.
pub async fn start(listen: SocketAddr) -> Result<Running, Failure> {
    Simulator::start(Config { listen, control: true, ..Config::default() })
        .await
        .map_err(|e| Failure::Failed(format!("the simulator cannot listen on {listen}: {e}")))
}

/// Adds the ready-made cabinet.
pub fn cabinet(simulator: &Handle) {
    let company = "ООО «Домашний уют»".to_owned();
    simulator.add_cabinet(CabinetSettings { company, ..CabinetSettings::new(CLIENT_ID, API_KEY) });
}

/// Adds postings to the ready-made cabinet; their numbers.
pub fn generate(
    simulator: &Handle,
    count: usize,
    options: &GeneratorOptions,
) -> Result<Vec<String>, Failure> {
    simulator.generate(CLIENT_ID, count, options).map_err(|e| failed(&e))
}

/// An act that the simulator refused.
pub fn failed(error: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("the simulator: {error}"))
}
