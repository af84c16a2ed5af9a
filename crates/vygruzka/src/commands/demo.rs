//! `demo`: the product at work on a simulated cabinet, in a temporary folder.

use std::net::SocketAddr;

use domain::by_hand::Act as OrderAct;
use domain::warehouse_rules::{Instead, Place};
use domain::{Actor, DeliveryMethodId, PostingNumber, UserId};
use ozon_api::ClientOptions;
use ozon_sim::{
    Act, Canceller, DeliveryType, Fault, FaultPlan, GeneratorOptions, Handle, LifeSettings, PostingTruth,
    Status,
};
use serde_json::json;
use storage::cabinets::{Cabinet, NewCabinet};
use storage::lists::NamedList;
use storage::runs::Cause;
use storage::{Role, Store};
use sync::{Clock, Desk, LoadOptions};
use web::password;

use super::simulate::{self, API_KEY, CLIENT_ID};
use super::{ACTOR, serve};
use crate::config::Stopping;
use crate::failure::Failure;

/// The account that the demonstration makes.
pub(super) const EMAIL: &str = "demo@example.com";
const ZONE: chrono_tz::Tz = chrono_tz::Europe::Moscow;
/// The simulated cabinet's delivery method whose warehouse serves realFBS alone.
const OWN_COURIER: &str = "Свой курьер по городу";

pub async fn run(listen: SocketAddr, postings: usize) -> Result<(), Failure> {
    crate::logging::start("warn", crate::logging::LogFormat::Text);
    let listener = serve::bind(listen).await?;
    let folder = tempfile::tempdir()?;
    let storage = storage::Config {
        database_url: format!("sqlite://{}", folder.path().join("vygruzka.db").display()),
        secret_key: None,
        zone: ZONE,
    };
    let store = Store::open(&storage).await?;
    store.migrate().await?;
    let desk = Desk::new(
        store.clone(),
        sync::Config { client: ClientOptions::default(), ..sync::Config::default() },
        Clock::system(),
    );
    let password = password::generate();
    let hash =
        password::hash(&password).ok_or_else(|| Failure::Failed("no password could be made".to_owned()))?;
    let user = store.add_user(EMAIL, &hash, Role::Admin, desk.now()).await?;

    let simulator = simulate::start(([127, 0, 0, 1], 0).into()).await?;
    let cabinet = cabinet(&desk, &simulator.base_url()).await?;
    simulate::cabinet(simulator.handle());
    seller_delivers(&desk, &cabinet).await?;
    live_through(&desk, &cabinet, simulator.handle(), postings).await?;
    tell_ozon(&desk, &cabinet, simulator.handle(), user.id).await?;
    desk.check_cabinet(cabinet.id).await?;
    // What the seller delivers is moved in the panel, and by nobody else.
    let life = LifeSettings { seller_drives: true, ..LifeSettings::default() };
    simulator.handle().begin_life(CLIENT_ID, life).map_err(|e| simulate::failed(&e))?;

    say!("Panel: http://{}/", listener.local_addr()?);
    say!("Login: {EMAIL}");
    say!("Password: {password}");
    say!("Simulator: {}", simulator.base_url());
    say!("Everything is in a temporary folder and goes with Ctrl+C.");
    let config = serve::demo_config(simulator.base_url(), ZONE, EMAIL, &password);
    serve::serve(listener, desk, config, Stopping::default(), None).await?;
    simulator.shutdown().await;
    super::close(store).await;
    Ok(())
}

async fn cabinet(desk: &Desk, api_url: &str) -> Result<Cabinet, Failure> {
    let new = NewCabinet {
        name: "Домашний уют".to_owned(),
        client_id: CLIENT_ID.to_owned(),
        api_key: API_KEY.into(),
        api_url: api_url.to_owned(),
    };
    let cabinet = desk.store().add_cabinet(new, desk.now(), ACTOR).await?;
    let statuses = desk.store().statuses().await?;
    let status = |name: &str| statuses.iter().find(|s| s.name == name).map(|s| s.id);
    let patch = json!({
        "also_awaiting_deliver": true,
        "schedule": { "every": { "minutes": 1 } },
        "send_track_numbers": true,
        "seller_delivery": { "delivering": status("Отправлен"), "delivered": status("Доставлен") },
    });
    let applied = desk.store().apply_settings(cabinet.id, &patch, ACTOR, desk.now()).await;
    applied.map_err(|e| Failure::Failed(e.to_string()))?;
    Ok(cabinet)
}

/// Orders of the warehouse from which no posting leaves by Ozon's own delivery get a delivery method of their own.
async fn seller_delivers(desk: &Desk, cabinet: &Cabinet) -> Result<(), Failure> {
    desk.read_warehouses(cabinet.id).await?;
    let all = desk.store().warehouses_with_rules(cabinet.id).await?;
    let own = all.iter().find(|warehouse| warehouse.methods.iter().any(|method| method.name == OWN_COURIER));
    let Some(own) = own.and_then(|warehouse| warehouse.id) else { return Ok(()) };
    let method = desk.store().save_named(NamedList::DeliveryMethods, None, "Доставка продавца").await?;
    let instead = Instead { delivery_method: Some(DeliveryMethodId(method.id)), ..Instead::default() };
    let rules = [(Place::warehouse(own), instead)].into_iter().collect();
    desk.store().set_warehouse_rules(cabinet.id, &rules, ACTOR, desk.now()).await?;
    Ok(())
}

/// Two track numbers for the exchange to show: one that Ozon refuses at first and takes when it is sent again, and one that
/// waits until its posting is packed.
async fn tell_ozon(desk: &Desk, cabinet: &Cabinet, simulator: &Handle, user: UserId) -> Result<(), Failure> {
    let actor = Actor::User { id: user, name: EMAIL.to_owned() };
    for (status, track_number) in
        [(Status::AwaitingDeliver, "RA644000907RU"), (Status::AwaitingPackaging, "RA644000915RU")]
    {
        let truths = simulator.truths(CLIENT_ID);
        let fits = |truth: &&PostingTruth| {
            truth.delivery_type == DeliveryType::NonIntegrated && truth.status == status
        };
        let Some(truth) = truths.iter().find(fits) else { continue };
        let number = PostingNumber::new(&truth.posting_number).map_err(|e| Failure::Failed(e.to_string()))?;
        let Some(order) = desk.store().order_of_posting(cabinet.id, &number).await? else { continue };
        if status == Status::AwaitingDeliver {
            let refusal = Fault::RefuseItem {
                error: "POSTING_NOT_FOUND".to_owned(),
                posting_number: Some(truth.posting_number.clone()),
            };
            simulator.inject_fault(FaultPlan::next_call(refusal).of_client(CLIENT_ID));
        }
        let act = OrderAct::SetTrackNumber(Some(track_number.to_owned()));
        desk.store().act_on_order(order.id, act, &actor, desk.now()).await?;
    }
    Ok(())
}

/// Lets the shop have a past: most postings are loaded while they are new, then move on and are loaded again.
async fn live_through(
    desk: &Desk,
    cabinet: &Cabinet,
    simulator: &Handle,
    postings: usize,
) -> Result<(), Failure> {
    // Some were over before the shop began to load: they show up as postings without an order.
    let before = GeneratorOptions {
        seed: 7,
        statuses: vec![Status::Delivered, Status::Delivering, Status::Cancelled],
        ..GeneratorOptions::default()
    };
    simulate::generate(simulator, postings / 10, &before)?;
    let fresh = GeneratorOptions {
        statuses: vec![Status::AwaitingPackaging],
        days: 14,
        ..GeneratorOptions::default()
    };
    let mut numbers = simulate::generate(simulator, postings - postings / 10, &fresh)?;
    desk.load(cabinet.id, Cause::Command, LoadOptions::default()).await?;

    numbers.sort_by_key(|number| simulator.truth(CLIENT_ID, number).map(|truth| truth.in_process_at));
    let count = numbers.len().max(1);
    for (age, number) in numbers.iter().enumerate() {
        // The oldest tenth part comes furthest; the newest third is still to be packed.
        let steps = match age * 10 / count {
            0..=2 => 6,
            3 => 4,
            4 | 5 => 3,
            6 => 1,
            _ => 0,
        };
        for _ in 0..steps {
            // A posting that has arrived goes no further.
            if simulator.act(CLIENT_ID, number, &Act::Advance).is_err() {
                break;
            }
        }
        if age % 23 == 22 {
            // One that has arrived cannot be cancelled any more.
            let _ = simulator.cancel(CLIENT_ID, number, Canceller::Customer);
        }
    }
    let waits = |truth: &PostingTruth| {
        truth.delivery_type == DeliveryType::NonIntegrated && truth.status == Status::AwaitingDeliver
    };
    if let Some(truth) = simulator.truths(CLIENT_ID).iter().rfind(|truth| waits(truth)) {
        let asked = simulator.request_cancellation(CLIENT_ID, &truth.posting_number, "Передумал покупать");
        asked.map_err(|e| simulate::failed(&e))?;
    }
    desk.load(cabinet.id, Cause::Command, LoadOptions::default()).await?;
    Ok(())
}
