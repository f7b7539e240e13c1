/**
 * Forms that carry secrets to the authorization server, and the JSON that comes back with secrets in it. Owns that nothing
 * of either is logged or grows without bound; what the fields mean belongs to those who call.
 */
@NullMarked
package dev.firebreak.starter.form;

import org.jspecify.annotations.NullMarked;
