-- One chat completion of about 1 KB, as an agent would send it; the key comes from the environment.
local prompt = string.rep("Tell me something about ledgers and those who keep them. ", 14)
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("BENCH_KEY") or "none")
wrk.headers["X-Project"] = "bench"
wrk.headers["X-Environment"] = "production"
wrk.body = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"' .. prompt .. '"}]}'
