/**
 * Google's OAuth endpoints, called with deadlines, and what their answers mean. Knows no table and no user of ours; the
 * URLs are configuration, so that nobody here can tell Google from a fake.
 */
@NullMarked
package dev.firebreak.auth.google;

import org.jspecify.annotations.NullMarked;
