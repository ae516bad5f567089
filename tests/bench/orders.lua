-- For wrk: place orders, each with a key of its own, and say at the end what was seen, as one line of JSON.
-- Arguments: token, incident, first lot, how many lots.
local token, incident, first, lots, at = "", 0, 0, 1, 0

function init(args)
  token, incident, first, lots = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  math.randomseed(os.time())
end

function request()
  at = at + 1
  local line = '{"lot_id": %d, "quantity": 1, "drive_s": 600, "distance_m": 9000, "reason": "nearest"}'
  local body = string.format('{"incident_id": %d, "lines": [' .. line .. ']}', incident, first + math.random(0, lots - 1))
  return wrk.format("POST", "/dispatch/orders", {
    ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = string.format("%d-%d-%d", os.time(), math.random(0, 2 ^ 30), at),
  }, body)
end

function done(summary, latency)
  local e = summary.errors
  print(string.format(
    '{"requests": %d, "duration_us": %d, "p50_us": %d, "p95_us": %d, "p99_us": %d, "refused": %d, "broken": %d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
