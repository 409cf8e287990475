/// What `outlay init` writes: a configuration that works as it is, with the next steps as comments.
package enum StarterConfiguration {
    package static let text = """
        # Outlay: who spent what on AI. Check with: outlay serve --config outlay.yaml
        # Changes are taken in while the server runs; a file with an error leaves the running configuration in force.

        upstreams:
          - name: openai                 # reached as /openai/v1/…
            dialect: openai
            base_url: https://api.openai.com/v1
            key: env:OPENAI_API_KEY      # or file:PATH, vault:NAME (outlay key store-provider), client
          - name: anthropic
            dialect: anthropic
            base_url: https://api.anthropic.com
            key: env:ANTHROPIC_API_KEY
          - name: gemini
            dialect: gemini
            base_url: https://generativelanguage.googleapis.com
            key: env:GEMINI_API_KEY

        # workspaces:
        #   - { name: platform, tags: { cost_center: cc-100 } }

        # agents:                        # what a call by this agent is tagged with
        #   - { name: code-reviewer, tags: { team: platform, project: reviews } }

        # tags:
        #   aliases: { environment: { prod: production, dev: development } }

        # prices:                        # your own prices win over the built-in book
        #   - { provider: openai, model: house-model, from: 2026-01-01, per_million: { input: 1.00, output: 4.00 } }

        # discounts:
        #   - { name: enterprise, provider: openai, models: ["gpt-*"], from: 2026-01-01, percent: 7.3 % }

        # retention: { events: 13 months }

        """
}
