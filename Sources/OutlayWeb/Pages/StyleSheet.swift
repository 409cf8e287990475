/// The one style sheet, served at `/assets/outlay.css`; pages work without it.
enum StyleSheet {
    static let text = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff;
          --ground: #f5f7f9; --accent: #0a6d5c; --alarm: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa6b5; --line: #333c48;
          --paper: #1a2028; --ground: #12171d; --accent: #58c9b3; --alarm: #ff8a80; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        header { padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); background: var(--paper); }
        .brand { font-weight: 700; font-size: 1.15rem; color: var(--accent); text-decoration: none; }
        nav { display: inline-block; margin-left: 1.5rem; } nav a { margin-right: 1rem; color: inherit; }
        meter { width: 100%; height: 1.1rem; } dl { display: grid; grid-template-columns: max-content 1fr;
          gap: .25rem 1rem; margin: 0 0 1rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        select { width: 100%; padding: .55rem; font: inherit; } .no { background: var(--alarm); }
        main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
        .sum { font-size: 2.5rem; font-weight: 650; font-variant-numeric: tabular-nums; margin: 0; }
        .hint { color: var(--soft); margin: .25rem 0 1rem; }
        .card { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem;
          margin: 0 0 1.25rem; overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
        th { font-weight: 600; } thead th { color: var(--soft); font-size: .85rem; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        .none { color: var(--soft); font-style: italic; }
        code, pre { font: .9rem/1.5 ui-monospace, monospace; } pre { margin: 0; white-space: pre-wrap; }
        form.card { max-width: 26rem; margin: 3rem auto; }
        label { display: block; margin: 1rem 0 .25rem; }
        input { width: 100%; padding: .55rem; border: 1px solid var(--line); border-radius: .4rem; background: inherit;
          color: inherit; font: inherit; }
        input[type=checkbox] { width: 1.1rem; height: 1.1rem; }
        button { margin-top: 1rem; padding: .55rem 1.1rem; border: 0; border-radius: .4rem; background: var(--accent);
          color: var(--paper); font: inherit; font-weight: 600; cursor: pointer; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .problem { color: var(--alarm); }
        """
}
