"""Water against fire: what each building has within the distance of the rule, and where one more point would serve."""
