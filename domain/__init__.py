"""The shared words of Tellergate: values, ids, typed actions, frames, errors and ports. Imports nothing of ours."""
