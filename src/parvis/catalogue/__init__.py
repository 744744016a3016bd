"""What is known of the datasets: DCAT, vocabularies, search, lineage."""
