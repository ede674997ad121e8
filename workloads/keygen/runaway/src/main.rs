//! What asked for 47 GB and was killed, at its full size: here it is stopped at its cap.

plimsoll::main!(keygen::workload::compare);
