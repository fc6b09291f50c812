"""A country of préfecture sites that no declaration knows, laid out by seed: a table of facts first, pages after it.

`facts.laid_out(seed)` writes the table, `pages.write` prints it as three generations of the State's sites,
`play.country` serves it under the sites' real host names. What a reader should find is read off the table
(`SiteFacts.truth`), never off the pages. `by_hand/` holds sites written without the table.
Every fact is invented (ARCEP's numbers for fiction).
"""
