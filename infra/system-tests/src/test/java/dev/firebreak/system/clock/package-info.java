/**
 * Time travel for processes that know nothing of it: a Java agent that moves what they read as the wall clock. Shipped
 * nowhere; the services have no such switch. Classes here are loaded by the boot loader of those processes, so they use
 * the JDK alone.
 */
package dev.firebreak.system.clock;
