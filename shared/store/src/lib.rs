//! The store port's adapters and the contract suite that each of them passes.
