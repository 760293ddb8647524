//! The runtime around the core on any device: one store, files for photos, and the driver that carries out what the engine asks for.
