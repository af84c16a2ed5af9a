//! Everything that a trial needs before its first round.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ozon_sim::{ClockSettings, Config, Simulator};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use testkit::smtp::Sink;
use tokio::task::JoinSet;

use super::Trial;
use crate::cluster::Cluster;
use crate::fleet::{self, Fleet, Program};
use crate::people::Deeds;
use crate::plan::{Plan, ZONE};
use crate::report::Report;
use crate::scene::{Blows, Cabinet, Scene, Statuses};
use crate::world::{self, World};

/// The key of every simulated cabinet.
const API_KEY: &str = "key-of-the-trial";

impl<'a> Trial<'a> {
    pub(super) async fn set_up(plan: &'a Plan) -> Self {
        let path = plan.program.clone().unwrap_or_else(fleet::built);
        let mut chance = StdRng::seed_from_u64(plan.seed);
        let cluster = Cluster::start();
        let admin = Database::connect(cluster.url("postgres")).await.expect("PostgreSQL answers");
        admin.execute_unprepared("CREATE DATABASE chaos").await.expect("a database can be made");
        admin.close().await.expect("the connection ends");

        let clock = ClockSettings { at: Some(plan.begin()), frozen: false };
        let simulator = Simulator::start(Config { clock, ..Config::default() }).await.expect("a simulator");
        let sim = simulator.handle().clone();
        sim.lift_limits();
        let sink = Sink::open().await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = storage::SecretKey::generate();
        let environment = [
            ("VYGRUZKA_DATABASE_URL", cluster.url("chaos")),
            ("VYGRUZKA_SECRET_KEY", key.to_base64()),
            ("VYGRUZKA_TIME_ZONE", ZONE.name().to_owned()),
            ("VYGRUZKA_CLOCK_URL", format!("{}/_sim/clock", simulator.base_url())),
            // A little longer than the mean jump: most leases outlive one, many do not.
            ("VYGRUZKA_LEASE_SECONDS", "2100".to_owned()),
            ("VYGRUZKA_LOG", "warn".to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let program = Program { path: absolute(&path), folder: folder.path().to_owned(), environment };
        program.done(&["migrate"], "");
        let token = program.done(&["token", "add", "trial", "--role", "admin"], "").trim().to_owned();
        let config =
            storage::Config { database_url: cluster.url("chaos"), secret_key: Some(key), zone: ZONE };
        let store = storage::Store::open(&config).await.expect("the store opens");
        let mut cabinets = Vec::new();
        for (client_id, name, hours_to_see) in
            [("4242", "Every few minutes", 14), ("4343", "Every night", 40)]
        {
            let (url, input) = (simulator.base_url(), format!("{API_KEY}\n"));
            sim.add_cabinet(ozon_sim::CabinetSettings::new(client_id, API_KEY));
            world::populate(&sim, client_id, plan.seed);
            program.done(&["cabinet", "add", name, "--client-id", client_id, "--api-url", &url], &input);
            let id = store.cabinet_named(name).await.expect("it was added").id;
            let secret = store.hook_secret(id).await.expect("it has one");
            cabinets.push(Cabinet { client_id, name, id: id.0, secret, hours_to_see });
        }
        let named = store.statuses().await.expect("the store answers");
        let status = |name: &str| named.iter().find(|s| s.name == name).expect("it exists on install").id.0;
        let statuses = Statuses {
            in_work: status("В обработке"),
            sent: status("Отправлен"),
            at_pickup_point: status("В пункте выдачи"),
            delivered: status("Доставлен"),
            cancelled: status("Отменён"),
        };
        store.close().await.expect("the connection ends");
        for (place, cabinet) in cabinets.iter().enumerate() {
            let settings = settings(place, statuses).to_string();
            program.done(&["settings", "apply", cabinet.name, "-"], &settings);
            // Before letters are wanted: what the first load brings is told by a count alone.
            program.done(&["import", cabinet.name], "");
        }
        let mut fleet = Fleet::start(program, plan.servers);
        let scene = Scene {
            sim,
            cabinets,
            statuses,
            mail_since: plan.begin(),
            servers: fleet.addresses(),
            token,
            http: Scene::client(),
        };
        let scene = with_mail(scene, &sink, &mut fleet).await;
        let mut world = World::begin(scene.clone(), StdRng::seed_from_u64(chance.random()), plan.seed);
        world.move_messages();
        let tables = Database::connect(cluster.url("chaos")).await.expect("PostgreSQL answers");
        Self {
            plan,
            chance,
            scene,
            world,
            deeds: Deeds::default(),
            acting: JoinSet::new(),
            fleet,
            sink,
            blows: Blows::default(),
            tables,
            report: Report::default(),
            last_request: 0,
            simulator,
            cluster,
            _folder: folder,
        }
    }
}

/// The second cabinet is loaded once a day, at a time of day that the change in spring skips and that in autumn repeats.
fn settings(place: usize, statuses: Statuses) -> serde_json::Value {
    let schedule = match place {
        0 => json!({"enabled": true, "every": {"minutes": 5}}),
        _ => json!({"enabled": true, "every": {"days": 1}, "at": "02:30"}),
    };
    json!({
        "schedule": schedule,
        "also_awaiting_deliver": true,
        "notify_new_orders": true,
        "notify_status_changes": true,
        "send_track_numbers": true,
        "seller_delivery": {
            "delivering": statuses.sent,
            "last_mile": statuses.at_pickup_point,
            "delivered": statuses.delivered,
        },
    })
}

/// Waits for the servers, and has letters sent from now on.
async fn with_mail(mut scene: Scene, sink: &Sink, fleet: &mut Fleet) -> Scene {
    let mail = json!({
        "host": "localhost", "port": sink.port(), "security": "plain", "sender": "desk@shop.example",
        "recipients": ["olga@shop.example"], "language": "ru",
    });
    for server in 0..scene.servers.len() {
        let begun = Instant::now();
        while scene.read(server, "/statuses").await.is_none() {
            assert!(begun.elapsed() < Duration::from_mins(1), "server {server} answers");
            fleet.look();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let request = scene.ask(reqwest::Method::PUT, 0, "/mail").header("content-type", "application/json");
    let answer = request.body(mail.to_string()).send().await.expect("the server answers");
    let status = answer.status();
    assert!(status.is_success(), "mail is set up: {status} {}", answer.text().await.unwrap_or_default());
    scene.mail_since = scene.sim.now();
    scene
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
