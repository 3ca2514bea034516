/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The style sheet of the HTML report. */
#ifndef HOST_REPORT_HTML_STYLE_H
#define HOST_REPORT_HTML_STYLE_H

extern const char html_style[];

#endif
