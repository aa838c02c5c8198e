#!/bin/sh
# Trains models/nas-bench-201 from scratch: train.sh DATA, with Python and the built command line at hand.
set -eu
cd "$(dirname "$0")"
data=$1
work=../.cache-training/shipped
mkdir -p "$work"
python -c "import csv, sys; [print(row['arch']) for row in csv.DictReader(open(sys.argv[1]))]" "$data/accuracy.csv" > "$work/cells.txt"
node ../dist/cli.js export --features --cells "$work/cells.txt" --out "$work/features.jsonl"
for part in 0 1; do
  python -m layercost_training.zero_cost --features "$work/features.jsonl" --out "$work/part$part.npz" --part "$part/2" &
done
wait
python -m layercost_training.merge_zero_cost "$work/part0.npz" "$work/part1.npz" --out "$work/zero_cost.npz"
python -m layercost_training.ship --features "$work/features.jsonl" --data "$data" --zero-cost "$work/zero_cost.npz" \
  --encoders "$work" --out ../models/nas-bench-201 --vectors ../test/predictor/fixtures/nasBench201Vectors.json
