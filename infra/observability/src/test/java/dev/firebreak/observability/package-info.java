/**
 * Holds the rules, their unit tests, the runbooks and the metric names to each other. promtool judges the rules
 * themselves; what it cannot know is checked here.
 */
package dev.firebreak.observability;
