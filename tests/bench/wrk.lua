-- For wrk: ask for the paths of a file in turn (one a line, after a tab the ETag to send), and say
-- at the end, as one line of JSON, what was seen.
local paths, headers, at = {}, {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local path, tag = line:match("^([^\t]*)\t?(.*)$")
    paths[#paths + 1] = path
    headers[#paths] = { ["Accept-Encoding"] = "gzip", ["If-None-Match"] = tag ~= "" and tag or nil }
  end
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers[at])
end

function done(summary, latency)
  local e = summary.errors
  print(string.format(
    '{"requests": %d, "duration_us": %d, "bytes": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
