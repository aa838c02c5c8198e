#!/bin/sh
# Trains models/nas-bench-201 from scratch: train.sh DATA, with Python and the built command line at hand. Two processes; what
# was stopped goes on from the networks in .cache-training/shipped, and begins anew where that folder is removed.
set -eu
cd "$(dirname "$0")"
data=$1
work=../.cache-training/shipped
mkdir -p "$work"
python -c "import csv, sys; [print(row['arch']) for row in csv.DictReader(open(sys.argv[1]))]" "$data/accuracy.csv" > "$work/cells.txt"
node ../dist/cli.js export --features --cells "$work/cells.txt" --out "$work/features.jsonl"

in_two() { # each part of the work as a command of its own; both must succeed
  sh -c "$1" &
  first=$!
  sh -c "$2"
  wait $first
}

statistics="python -m layercost_training.zero_cost --features $work/features.jsonl"
[ -e "$work/zero_cost.npz" ] || {
  in_two "$statistics --out $work/part0.npz --part 0/2" "$statistics --out $work/part1.npz --part 1/2"
  python -m layercost_training.merge_zero_cost "$work/part0.npz" "$work/part1.npz" --out "$work/zero_cost.npz"
}
ship="python -m layercost_training.ship --features $work/features.jsonl --data '$data' --zero-cost $work/zero_cost.npz \
  --work $work --out ../models/nas-bench-201 --vectors ../test/predictor/fixtures/nasBench201Vectors.json"
folds="0 1 2 3 4"
accuracy=$(printf ',accuracy-fold-%s' $folds) latency=$(printf ',latency-fold-%s' $folds)
in_two "$ship --only accuracy-0$accuracy" "$ship --only accuracy-1,latency$latency"
sh -c "$ship"
