"""Facts for the gate, room by room: each takes what was asked and states what the rows say, or nothing where it is not concerned."""
