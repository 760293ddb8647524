//! Whose words facts are: each that comes is held to the key of the device that stated it. What fails is not dropped in
//! silence: its place is noted, and nothing is concluded from the rest of its stream.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use rusqlite::{OptionalExtension as _, Transaction};
use sync_core::Refusal;
use sync_core::act::Fact;
use sync_core::id::{DeviceId, FactId, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::Change;

use super::{Store, failed, to_blob};

/// Whose a device is, and its key.
type Known = (PersonId, Vec<u8>);

/// The keys that are known here besides those of other devices.
pub(crate) struct OwnKeys {
    /// The key of the server.
    pub(crate) server: Vec<u8>,
    /// This device with whose it is and its key.
    pub(crate) device: Option<(DeviceId, PersonId, Vec<u8>)>,
}

impl Store {
    /// The facts among changes that are what their authors signed.
    pub(super) fn genuine(
        &self,
        changes: &[Change],
        own: OwnKeys,
    ) -> Result<BTreeSet<FactId>, Refusal> {
        let mut keys: HashMap<DeviceId, Option<Known>> = HashMap::new();
        for change in changes {
            if let Change::Key { device, person, key } = change {
                let known = self.device_key(*device)?.unwrap_or((*person, key.clone()));
                keys.insert(*device, Some(known));
            }
        }
        keys.extend(own.device.map(|(device, person, key)| (device, Some((person, key)))));
        let mut genuine = BTreeSet::new();
        let mut facts: Vec<&Fact> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Fact { fact, .. } => Some(&**fact),
                _ => None,
            })
            .collect();
        // A fact names the bytes of the one before it in its chain, so one signature holds for an unbroken run. The
        // chain of a device goes through all of its streams, the server has one in each. Where the chain may not be
        // known each fact is held to its own signature.
        facts.sort_by_key(|fact| {
            let own_chain = fact.statement.is_by_server().then_some(fact.body.stream);
            (fact.body.device, own_chain, Reverse(fact.seq()))
        });
        let mut after: HashMap<DeviceId, &Fact> = HashMap::new();
        for fact in facts {
            let device = fact.body.device;
            let known = match keys.get(&device) {
                Some(known) => known,
                None => keys.entry(device).or_insert(self.device_key(device)?),
            };
            let vouched = after.get(&device).is_some_and(|after| after.vouches_for(fact));
            let holds = vouched
                || match known {
                    _ if fact.statement.is_by_server() => {
                        fact.verify(&SoftVerifier, &own.server).is_ok()
                    }
                    Some((person, key)) => {
                        fact.body.author == *person && fact.verify(&SoftVerifier, key).is_ok()
                    }
                    None => false,
                };
            if holds {
                genuine.insert(fact.id);
                after.insert(device, fact);
            }
        }
        Ok(genuine)
    }

    fn device_key(&self, device: DeviceId) -> Result<Option<Known>, Refusal> {
        let row: Option<(Vec<u8>, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT person, key FROM device_key WHERE device = ?1")
            .and_then(|mut it| {
                it.query_row([device.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()
            })
            .map_err(failed)?;
        Ok(row.and_then(|(person, key)| Some((PersonId::from_bytes(person.try_into().ok()?), key))))
    }

    /// Whether a fact of this stream or of one that it is linked with is known to be damaged.
    pub(crate) fn has_damage(&self, stream: &StreamId) -> Result<bool, Refusal> {
        // Next to nothing ever is: lists of hundreds of cases ask the empty table and follow no links.
        let none = self
            .connection
            .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM damaged)")
            .and_then(|mut it| it.query_row([], |row| row.get(0)));
        if none.map_err(failed)? {
            return Ok(false);
        }
        let sql = "WITH RECURSIVE linked (stream) AS (
                 SELECT ?1 UNION SELECT other FROM link JOIN linked ON link.stream = linked.stream
             )
             SELECT EXISTS (SELECT 1 FROM damaged WHERE stream IN (SELECT stream FROM linked))";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut it| it.query_row([to_blob(stream)], |row| row.get(0)))
            .map_err(failed)
    }

    /// How many facts of others are known to be damaged.
    pub(crate) fn damaged(&self) -> Result<u64, Refusal> {
        let count = self
            .connection
            .query_row("SELECT count(*) FROM damaged", [], |row| row.get::<_, i64>(0));
        count.map(|count| u64::try_from(count).unwrap_or_default()).map_err(failed)
    }
}

/// Notes the key of a device; the first one stays.
pub(super) fn note_key(
    tx: &Transaction<'_>,
    device: DeviceId,
    person: PersonId,
    key: &[u8],
) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO device_key (device, person, key) VALUES (?1, ?2, ?3)")?
        .execute((device.as_bytes().as_slice(), person.as_bytes().as_slice(), key))
        .map(drop)
}

/// Notes that the fact at a place of a stream is damaged.
pub(super) fn note_damage(
    tx: &Transaction<'_>,
    stream: &StreamId,
    place: u64,
) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO damaged (stream, place) VALUES (?1, ?2)")?
        .execute((to_blob(stream), i64::try_from(place).unwrap_or(i64::MAX)))
        .map(drop)
}

/// Notes that the fact at a place of a stream came as it was signed.
pub(super) fn mend(tx: &Transaction<'_>, stream: &StreamId, place: u64) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM damaged WHERE stream = ?1 AND place = ?2")?
        .execute((to_blob(stream), i64::try_from(place).unwrap_or(i64::MAX)))
        .map(drop)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use sync_core::act::Statement;
    use sync_core::domain::account::EnrolledDevice;
    use sync_core::ledger::receipt::Receipt;
    use sync_core::testing::builders::{arrival, plan};
    use sync_core::testing::cast::Who;
    use sync_core::testing::world::Phone;
    use sync_core::time::Timestamp;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_395_600_000);

    fn store() -> Store {
        Store::open(Path::new(":memory:"), Arc::new(|| true)).unwrap()
    }

    fn came(fact: &Fact, place: u64) -> Change {
        let receipt = Receipt { fact: fact.id, place, at: NOW };
        Change::Fact { receipt, fact: Box::new(fact.clone()) }
    }

    fn key_of(phone: &Phone) -> Change {
        let EnrolledDevice { id, person, public_key, .. } = phone.enrolled();
        Change::Key { device: id, person, key: public_key }
    }

    fn apply(store: &mut Store, changes: &[Change]) {
        let own = OwnKeys { server: Vec::new(), device: None };
        store.apply(changes, &[], None, own).unwrap();
    }

    #[test]
    fn a_fact_counts_with_the_signature_of_its_device_and_its_absence_is_known() {
        let mut phone = Phone::new(Who::Supervisor.id(), 1);
        let mut forger = Phone::new(Who::Supervisor.id(), 2);
        forger.device = phone.device;
        let fact = phone.sign(Statement::Planned(plan()), NOW).unwrap();
        let forged = forger.sign(Statement::Planned(plan()), NOW.plus_millis(1)).unwrap();
        let stream = fact.body.stream;
        let held = |store: &Store| {
            let held = store.case_facts(&stream).unwrap();
            (held.admitted.len(), held.damaged)
        };
        let mut store = store();
        // Without a key nobody can say whose words they are.
        apply(&mut store, &[came(&fact, 1)]);
        assert_eq!(held(&store), (0, true));
        apply(&mut store, &[key_of(&phone), came(&fact, 1)]);
        assert_eq!(held(&store), (1, false));
        // A later key for the same device changes nothing.
        apply(&mut store, &[key_of(&forger), came(&forged, 2)]);
        assert_eq!((held(&store), store.damaged().unwrap()), ((1, true), 1));
        apply(&mut store, &[Change::Gone(stream)]);
        assert_eq!(held(&store), (0, false));
    }

    #[test]
    fn one_signature_holds_for_the_run_that_it_names_and_for_nothing_else() {
        let mut phone = Phone::new(Who::Lead.id(), 1);
        let arrivals = [0, 1, 2]
            .map(|at| phone.sign(Statement::Arrived(arrival()), NOW.plus_millis(at)).unwrap());
        let mut bytes = arrivals[1].bytes().to_vec();
        bytes[arrivals[1].without_trace().len() - 1] ^= 1;
        let torn = Fact::decode(&bytes).unwrap();
        let changes =
            [key_of(&phone), came(&arrivals[0], 1), came(&torn, 2), came(&arrivals[2], 3)];
        let own = OwnKeys { server: Vec::new(), device: None };
        let genuine = store().genuine(&changes, own).unwrap();
        assert_eq!(genuine, BTreeSet::from([arrivals[0].id, arrivals[2].id]));
    }

    #[test]
    fn a_stored_fact_that_is_not_what_came_is_not_believed() {
        let mut phone = Phone::new(Who::Supervisor.id(), 1);
        let fact = phone.sign(Statement::Planned(plan()), NOW).unwrap();
        let mut other = plan();
        other.approval = "另一个批号".to_owned();
        let other = phone.sign(Statement::Planned(other), NOW).unwrap();
        let mut store = store();
        apply(&mut store, &[key_of(&phone), came(&fact, 1)]);
        store.write(|tx| tx.execute("UPDATE fact SET bytes = ?1", [other.bytes()])).unwrap();
        let held = store.case_facts(&fact.body.stream).unwrap();
        assert!(held.admitted.is_empty() && held.damaged);
    }
}
