//! A transfer that hides which outputs it spends.

use super::{Input, Output};

/// A private transaction: it spends one output in each ring, and pays its outputs and a fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Private {
    pub(super) fee: u64,
    pub(super) inputs: Box<[Input]>,
    pub(super) outputs: Box<[Output]>,
}

impl Private {
    /// A transaction of these parts, of which nothing is checked.
    pub fn new(fee: u64, inputs: Box<[Input]>, outputs: Box<[Output]>) -> Self {
        Self { fee, inputs, outputs }
    }

    /// The fee for being mined.
    pub fn fee(&self) -> u64 {
        self.fee
    }

    /// Its inputs, 1 to 16.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Its outputs, 2 to 16.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    pub(super) fn encoded_bytes(&self) -> usize {
        let inputs =
            self.inputs.iter().map(|input| size_of_val(&*input.ring) + 64 + input.signature.len());
        let outputs = self.outputs.iter().map(Output::encoded_bytes);
        // The kind, the fee, three counts: of inputs, of outputs, and of the members of every ring.
        1 + 8 + 3 + inputs.sum::<usize>() + outputs.sum::<usize>()
    }

    pub(super) fn heap_size(&self) -> usize {
        let inputs: usize = self.inputs.iter().map(Input::heap_size).sum();
        let outputs: usize = self.outputs.iter().map(Output::heap_size).sum();
        size_of_val(&*self.inputs) + size_of_val(&*self.outputs) + inputs + outputs
    }
}
