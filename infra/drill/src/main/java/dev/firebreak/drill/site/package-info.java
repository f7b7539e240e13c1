/**
 * Where a drill takes place: a whole stack of its own, with fault proxies before its databases and people who have signed
 * in; and the control, a naive application with the same faults. Both are a {@link dev.firebreak.drill.site.Subject}: the
 * same load and the same questions for either.
 */
@NullMarked
package dev.firebreak.drill.site;

import org.jspecify.annotations.NullMarked;
