#pragma once

namespace giot::quality {

// Makes OpenCV's decoders refuse what is larger than any image that is scored, a second line behind the
// checks made here before they are called. They read their limits from the environment
// when they are loaded, before main: where the limits are not there, this starts the program again
// with them. Call it before there are threads or connections, with the arguments of main; it also sets
// OpenCV to one thread.
void LimitDecoders(char** argv);

}  // namespace giot::quality
