//! What a company changes without code: the policy files, their types, loading and checking.
