//! Reports built by hand from the same pieces as the real ones, so that each piece can be bent.

use anxin::split::{Pair, Recipients, Task};
use hpke::{Deserializable, OpModeS, Serializable, aead, kdf, kem};
use janus_messages::{
    Extension, HpkeCiphertext, HpkeConfig, InputShareAad, PlaintextInputShare, Report, ReportMetadata, Role, TaskId,
    Time,
};
use prio::{
    codec::Encode,
    field::Field128,
    flp::{
        FlpError, Gadget, Type,
        gadgets::{Mul, ParallelSum},
        types::SumVec,
    },
    vdaf::{Client, prio3::Prio3, xof::XofTurboShake128},
};

/// A report before it is sealed.
pub(crate) struct Draft {
    /// The task for which its shares are sealed.
    pub(crate) task: TaskId,
    pub(crate) id: [u8; 16],
    pub(crate) time: u64,
    pub(crate) public: Vec<u8>,
    pub(crate) leader: Part,
    pub(crate) helper: Part,
}

/// What is sealed to one aggregator.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) share: Vec<u8>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) from: Role,
    pub(crate) to: Role,
    pub(crate) key: HpkeConfig,
}

/// Where the shares of a pair go.
pub(crate) fn recipients(pair: &Pair) -> Recipients {
    Recipients { leader: pair.leader.newest().unwrap(), helper: pair.helper.newest().unwrap() }
}

impl Draft {
    /// Split by any VDAF of two shares.
    pub(crate) fn of<T: Type>(
        task: &Task,
        vdaf: &Prio3<T, XofTurboShake128, 16>,
        measurement: &T::Measurement,
        to: &Recipients,
    ) -> Self {
        let id = [9; 16];
        let (public, shares) = vdaf.shard(measurement, &id).unwrap();
        let part = |index: usize, to, key: &HpkeConfig| {
            let share = shares[index].get_encoded().unwrap();
            Part { share, extensions: Vec::new(), from: Role::Client, to, key: key.clone() }
        };
        Self {
            task: task.id,
            id,
            time: 20_780 * Task::PRECISION_SECONDS,
            public: public.get_encoded().unwrap(),
            leader: part(0, Role::Leader, &to.leader),
            helper: part(1, Role::Helper, &to.helper),
        }
    }

    pub(crate) fn report(&self) -> Report {
        let metadata = ReportMetadata::new(self.id.into(), Time::from_seconds_since_epoch(self.time));
        let aad = InputShareAad::new(self.task, metadata.clone(), self.public.clone()).get_encoded().unwrap();
        Report::new(metadata, self.public.clone(), self.leader.seal(&aad), self.helper.seal(&aad))
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.report().get_encoded().unwrap()
    }
}

impl Part {
    fn seal(&self, aad: &[u8]) -> HpkeCiphertext {
        type Kem = kem::X25519HkdfSha256;
        let plain = PlaintextInputShare::new(self.extensions.clone(), self.share.clone()).get_encoded().unwrap();
        let key = <Kem as hpke::Kem>::PublicKey::from_bytes(self.key.public_key().as_ref()).unwrap();
        let info = [b"dap-09 input share".as_slice(), &[self.from as u8, self.to as u8]].concat();
        let (encapsulated, payload) =
            hpke::single_shot_seal::<aead::AesGcm128, kdf::HkdfSha256, Kem>(&OpModeS::Base, &key, &info, &plain, aad)
                .unwrap();
        HpkeCiphertext::new(*self.key.id(), encapsulated.to_bytes().to_vec(), payload)
    }
}

type Honest = SumVec<Field128, ParallelSum<Field128, Mul<Field128>>>;

/// The circuit of the task, with a client that puts in whatever it likes and proves it as well as it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anything(Honest);

/// A VDAF that splits vectors of any numbers, and is in all else that of so many cells.
pub(crate) fn anything(cells: usize) -> Prio3<Anything, XofTurboShake128, 16> {
    let circuit = SumVec::new(1, cells, anxin::split::chunk_length(cells)).unwrap();
    Prio3::new(2, 1, 2, Anything(circuit)).unwrap()
}

impl Type for Anything {
    type Measurement = Vec<Field128>;
    type AggregateResult = Vec<u128>;
    type Field = Field128;

    fn encode_measurement(&self, measurement: &Vec<Field128>) -> Result<Vec<Field128>, FlpError> {
        Ok(measurement.clone())
    }

    fn decode_result(&self, data: &[Field128], n: usize) -> Result<Vec<u128>, FlpError> {
        self.0.decode_result(data, n)
    }

    fn gadget(&self) -> Vec<Box<dyn Gadget<Field128>>> {
        self.0.gadget()
    }

    fn valid(
        &self,
        gadgets: &mut Vec<Box<dyn Gadget<Field128>>>,
        input: &[Field128],
        joint_rand: &[Field128],
        shares: usize,
    ) -> Result<Field128, FlpError> {
        self.0.valid(gadgets, input, joint_rand, shares)
    }

    fn truncate(&self, input: Vec<Field128>) -> Result<Vec<Field128>, FlpError> {
        self.0.truncate(input)
    }

    fn input_len(&self) -> usize {
        self.0.input_len()
    }

    fn proof_len(&self) -> usize {
        self.0.proof_len()
    }

    fn verifier_len(&self) -> usize {
        self.0.verifier_len()
    }

    fn output_len(&self) -> usize {
        self.0.output_len()
    }

    fn joint_rand_len(&self) -> usize {
        self.0.joint_rand_len()
    }

    fn prove_rand_len(&self) -> usize {
        self.0.prove_rand_len()
    }

    fn query_rand_len(&self) -> usize {
        self.0.query_rand_len()
    }
}
