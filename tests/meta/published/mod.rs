//! Published meta-analyses, reproduced at the precision that they print: one file for each paper, with page and
//! table. Where a paper prints something else, the line says so and why.

mod shared;

mod berkey1995;
mod berkey1998;
mod dersimonian2007;
mod gleser2009;
mod henmi2010;
mod ishak2007;
mod jackson2014;
mod konstantopoulos2011;
mod lipsey2001;
mod miller1978;
mod normand1999;
mod raudenbush1985;
mod raudenbush2009;
mod rothman2008;
mod stijnen2010;
mod vanhouwelingen1993;
mod vanhouwelingen2002;
mod viechtbauer2005;
mod viechtbauer2007;
mod viechtbauer2010;
mod yusuf1985;
