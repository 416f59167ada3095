"""The main job, end to end, on one machine: `goodstanding demo`."""
