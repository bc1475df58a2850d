/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

/** The body is not a reply of Ksher's. The message quotes nothing of the body. */
public final class MalformedReply extends Exception {

    private final String what;

    public MalformedReply(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    static MalformedReply repeatedKey() {
        return new MalformedReply("repeats a key");
    }

    /** What is wrong, to follow the word "it" in a sentence. */
    public String what() {
        return what;
    }
}
